import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { problemFrom } from '../api/api-problem.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const SLUG = /^[a-z0-9-]{1,80}$/;

/** The path of the screen for a pasted id or slug; undefined if there is none. @throws ApiProblem if a service fails */
async function pathOf(pasted: string): Promise<string | undefined> {
  const { config, ledger } = services();
  const id = UUID.exec(pasted)?.[0].toLowerCase();
  if (id === undefined) {
    if (!SLUG.test(pasted)) return undefined;
    return exists(config.GET('/v1/pages/{slug}', { params: { path: { slug: pasted } } }), `/pages/${pasted}`);
  }
  const path = { params: { path: { id } } };
  const decision = () => exists(ledger.GET('/v1/submissions/{id}/decision', path), `/decisions/${id}`);
  const isSubmission = id[14] === '8'; // submissions have UUIDs of version 8, all others have version 7
  if (isSubmission) return decision();
  return (
    (await exists(config.GET('/v1/vouchers/{id}', path), `/vouchers/${id}`)) ??
    (await exists(ledger.GET('/v1/claims/{id}/history', path), `/claims/${id}`)) ??
    (await decision())
  );
}

async function exists(call: Promise<{ data?: unknown }>, screen: string): Promise<string | undefined> {
  try {
    await answer(call);
    return screen;
  } catch (error) {
    if ([400, 403, 404].includes(problemFrom(error).status)) return undefined;
    throw error;
  }
}

/** ⌘K or Ctrl K: opens the screen of a pasted id. */
export function OpenById({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [state, setState] = useState<'idle' | 'looking' | 'nothing' | { error: unknown }>('idle');
  const [pasted, setPasted] = useState('');
  const open = async (pasted: string): Promise<void> => {
    if (pasted === '') return;
    setState('looking');
    try {
      const place = await pathOf(pasted);
      if (!place) return setState('nothing');
      onClose();
      await navigate({ href: place });
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <Dialog title={t('frame.openById')} onOk={() => void open(pasted.trim())} onClose={onClose}>
      <div className="open-by-id">
        <input
          type="search"
          className="field"
          aria-label={t('frame.openById')}
          aria-invalid={state === 'nothing'}
          value={pasted}
          onChange={({ target }) => setPasted(target.value)}
        />
        <Button
          htmlType="submit"
          icon={<Icon of="Search" />}
          aria-label={t('frame.open')}
          loading={state === 'looking'}
        />
      </div>
      <div role="status">{state === 'nothing' ? t('frame.openNothing') : t('frame.openHint')}</div>
      {typeof state === 'object' && <Problem error={state.error} />}
    </Dialog>
  );
}
