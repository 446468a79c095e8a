import type { Scope, Voucher } from '@vouchers/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../parts/button.tsx';
import { atMost } from '../parts/characters.ts';
import { Dialog } from '../parts/dialog.tsx';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { PageChoice } from '../parts/page-choice.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { problemShown } from '../parts/problem.tsx';
import { faultShown } from '../parts/fault-text.ts';
import { addToPage, changeSpec, runAction, toEach, withEnd, withLabel, type Outcome } from './bulk.ts';

const ACTIONS = ['pause', 'resume', 'label', 'extend', 'page'] as const;
type Action = (typeof ACTIONS)[number];
const SCOPES: Record<Action, Scope | readonly Scope[]> = {
  pause: 'vouchers:publish',
  resume: 'vouchers:publish',
  label: ['vouchers:write', 'vouchers:publish'],
  extend: ['vouchers:write', 'vouchers:publish'],
  page: 'vouchers:write',
};
const KEY = /^[a-z0-9-]{1,63}$/;

/** The actions on all chosen vouchers at once. */
export function BulkActions({ vouchers, onClear }: { vouchers: readonly Voucher[]; onClear(): void }) {
  const { t } = useTranslation();
  const [action, setAction] = useState<Action>();
  return (
    <div className="bulk" role="region" aria-label={t('screens.bulk.title')}>
      <strong>{t('screens.bulk.chosen', { number: vouchers.length })}</strong>
      {ACTIONS.map((one) => (
        <PermittedButton key={one} scope={SCOPES[one]} onClick={() => setAction(one)}>
          {t(`screens.bulk.action.${one}`)}
        </PermittedButton>
      ))}
      <Button type="text" onClick={onClear}>
        {t('screens.bulk.clear')}
      </Button>
      {action && <BulkDialog action={action} vouchers={vouchers} onClose={() => setAction(undefined)} />}
    </div>
  );
}

type Act = (voucher: Voucher) => Promise<unknown>;

function BulkDialog({ action, vouchers, onClose }: { action: Action; vouchers: readonly Voucher[]; onClose(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>();
  const { act, fields } = useAct(action);
  const isRunning = outcomes !== undefined && outcomes.length < vouchers.length;
  const run = async (chosen: Act): Promise<void> => {
    setOutcomes([]);
    await toEach(vouchers, chosen, (outcome) => setOutcomes((before = []) => [...before, outcome]));
    await client.invalidateQueries({ predicate: ({ queryKey }) => /^(voucher|page)/.test(String(queryKey[0])) });
  };
  const isDone = outcomes !== undefined && !isRunning;
  return (
    <Dialog
      title={t(`screens.bulk.ask.${action}`, { number: vouchers.length })}
      ok={{
        text: t(isDone ? 'frame.close' : `screens.bulk.action.${action}`),
        disabled: !isDone && act === undefined,
        busy: isRunning,
      }}
      onOk={() => (isDone ? onClose() : act && void run(act))}
      onClose={onClose}
    >
      {outcomes === undefined && fields}
      {outcomes === undefined && action === 'pause' && <p>{t('voucher.ask.pauseText')}</p>}
      <div role="status">
        <ul className="bulk-outcomes">
          {vouchers.map((voucher) => (
            <BulkLine
              key={voucher.id}
              voucher={voucher}
              outcome={outcomes?.find((outcome) => outcome.voucher.id === voucher.id)}
            />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function BulkLine({ voucher, outcome }: { voucher: Voucher; outcome: Outcome | undefined }) {
  const { t } = useTranslation();
  const { problem } = outcome ?? {};
  const faults = problem?.errors.map((fault) => faultShown(fault, t)) ?? [];
  return (
    <li>
      <bdi>{voucher.name}</bdi> {outcome && !problem && <span className="good">✓ {t('screens.bulk.done')}</span>}
      {problem && <span className="bad">✗ {[...Object.values(problemShown(problem, t)), ...faults].join(' ')}</span>}
    </li>
  );
}

/** The act that the user has described in the fields; undefined while something is missing. */
function useAct(action: Action): { act: Act | undefined; fields: ReactNode } {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  const [end, setEnd] = useState('');
  const [slug, setSlug] = useState('');
  switch (action) {
    case 'pause':
    case 'resume':
      return { act: runAction(action), fields: null };
    case 'label': {
      const [, key, value] = /^([^:]+):(.*)$/su.exec(label.trim()) ?? [];
      return {
        act: key !== undefined && KEY.test(key) ? changeSpec(withLabel(key, value!)) : undefined,
        fields: (
          <label className="stack">
            {t('screens.list.label')}
            <input
              className="field"
              placeholder="campaign:26"
              value={label}
              onChange={({ target }) => setLabel(atMost(264, target.value))}
            />
          </label>
        ),
      };
    }
    case 'extend': {
      const to = end === '' ? Number.NaN : Date.parse(end);
      return {
        act: Number.isNaN(to) ? undefined : changeSpec(withEnd(new Date(to).toISOString())),
        fields: (
          <label className="stack">
            {t('screens.bulk.end', { zone: VIEWER_ZONE })}
            <input
              className="field"
              type="datetime-local"
              value={end}
              onChange={({ target }) => setEnd(target.value)}
            />
            <small className="muted">{t('screens.bulk.endText')}</small>
          </label>
        ),
      };
    }
    case 'page':
      return { act: slug === '' ? undefined : addToPage(slug), fields: <PageChoice value={slug} onChange={setSlug} /> };
  }
}
