import { Link, useNavigate } from '@tanstack/react-router';
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

export interface Place {
  kind: 'user' | 'voucher' | 'page' | 'claim' | 'decision';
  name: string;
  path: string;
}

const MOST_VOUCHERS = 8;

/** The screens that a text may mean. @throws ApiProblem if a service fails */
async function placesOf(text: string): Promise<Place[]> {
  const { config, ledger } = services();
  const id = UUID.exec(text)?.[0].toLowerCase();
  if (id !== undefined) {
    const path = { params: { path: { id } } };
    const decision = (): Promise<Place[]> =>
      exists(ledger.GET('/v1/submissions/{id}/decision', path), {
        kind: 'decision',
        name: id,
        path: `/decisions/${id}`,
      });
    if (id[14] === '8') return decision(); // submissions have UUIDs of version 8, all others have version 7
    const found = await firstOf(
      () => exists(config.GET('/v1/vouchers/{id}', path), { kind: 'voucher', name: id, path: `/vouchers/${id}` }),
      () => exists(ledger.GET('/v1/claims/{id}/history', path), { kind: 'claim', name: id, path: `/claims/${id}` }),
      decision,
    );
    if (found.length > 0) return found;
  }
  const [pages, users, vouchers] = await Promise.all([
    SLUG.test(text)
      ? exists(config.GET('/v1/pages/{slug}', { params: { path: { slug: text } } }), {
          kind: 'page',
          name: text,
          path: `/pages/${text}`,
        })
      : [],
    usersNamed(text),
    vouchersNamed(text),
  ]);
  return [...users, ...pages, ...vouchers];
}

async function usersNamed(id: string): Promise<Place[]> {
  const call = services().ledger.GET('/v1/users/{id}/activity', { params: { path: { id }, query: { limit: 1 } } });
  const known = await answer(call).catch((error: unknown) => {
    if ([400, 403, 404].includes(problemFrom(error).status)) return undefined;
    throw error;
  });
  return known?.items.length ? [{ kind: 'user', name: id, path: `/users/${encodeURIComponent(id)}` }] : [];
}

async function vouchersNamed(search: string): Promise<Place[]> {
  if ([...search].length > 200) return [];
  const query = { search, limit: MOST_VOUCHERS };
  const { items } = await answer(services().config.GET('/v1/vouchers', { params: { query } }));
  return items.map(({ id, name }) => ({ kind: 'voucher', name, path: `/vouchers/${id}` }));
}

/** The first answer that has something. */
async function firstOf(...asks: (() => Promise<Place[]>)[]): Promise<Place[]> {
  for (const ask of asks) {
    const found = await ask();
    if (found.length > 0) return found;
  }
  return [];
}

async function exists(call: Promise<{ data?: unknown }>, place: Place): Promise<Place[]> {
  try {
    await answer(call);
    return [place];
  } catch (error) {
    if ([400, 403, 404].includes(problemFrom(error).status)) return [];
    throw error;
  }
}

/** ⌘K or Ctrl K: opens what an id or a name belongs to. If several things match, the user chooses. */
export function OpenById({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [state, setState] = useState<'idle' | 'looking' | 'nothing' | { error: unknown } | { places: Place[] }>('idle');
  const [pasted, setPasted] = useState('');
  const open = async (pasted: string): Promise<void> => {
    if (pasted === '') return;
    setState('looking');
    try {
      const places = await placesOf(pasted);
      if (places.length === 0) return setState('nothing');
      if (places.length > 1) return setState({ places });
      onClose();
      await navigate({ href: places[0]!.path });
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
      {typeof state === 'object' && 'places' in state && (
        <ul className="places">
          {state.places.map(({ kind, name, path }) => (
            <li key={path}>
              <Link to={path} onClick={onClose}>
                <span className="muted">{t(`frame.openKinds.${kind}`)}</span> <bdi>{name}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {typeof state === 'object' && 'error' in state && <Problem error={state.error} />}
    </Dialog>
  );
}
