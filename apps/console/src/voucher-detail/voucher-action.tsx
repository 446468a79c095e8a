import { notify } from '../parts/notices.tsx';
import type { Voucher } from '@vouchers/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { usePreferences } from '../app/preferences.ts';
import { formatCount } from '../parts/money.ts';
import { Confirmation } from '../parts/confirmation.tsx';

export type Action = 'publish' | 'pause' | 'resume' | 'terminate';

interface Props {
  voucher: Voucher;
  action: Action;
  onClose(): void;
}

/** Asks before a voucher is published, paused, resumed or terminated, and explains the effect. */
export function VoucherAction({ voucher, action, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const { id, name } = voucher;
  const terminates = action === 'terminate';
  const unnamed = terminates && typed.trim() !== name.trim();
  return (
    <Confirmation
      title={t(`voucher.ask.${action}`)}
      name={name}
      ok={{ text: t(`voucher.${action}`), danger: terminates, disabled: unnamed }}
      act={() => services().config.POST(`/v1/vouchers/{id}/${action}`, { params: { path: { id } } })}
      onDone={() => {
        notify(t(`voucher.done.${action}`));
        onClose();
      }}
      onSettled={() => client.invalidateQueries({ predicate: ({ queryKey }) => /^voucher/.test(String(queryKey[0])) })}
      onClose={onClose}
    >
      {terminates ? <TerminationEffect voucher={voucher} /> : <p>{t(`voucher.ask.${action}Text`)}</p>}
      {terminates && (
        <label className="stack">
          {t('voucher.ask.typeName')}
          <input className="field" value={typed} onChange={({ target }) => setTyped(target.value)} />
        </label>
      )}
    </Confirmation>
  );
}

/** Tells what the terminate node does to open claims, and their number. */
function TerminationEffect({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { id, nodes } = voucher;
  const { data } = useQuery({
    queryKey: ['counters-of', id],
    queryFn: () => answer(services().ledger.GET('/v1/vouchers/{id}/counters', { params: { path: { id } } })),
  });
  return (
    <>
      <p>{t(nodes.terminate.claims === 'honour' ? 'voucher.ask.honourText' : 'voucher.ask.revokeText')}</p>
      <p>{t('voucher.ask.touched', { number: data ? formatCount(data.held + data.locked, language) : '…' })}</p>
      <Link to="/vouchers/$id/edit" params={{ id }}>
        {t('voucher.ask.changeInEditor')}
      </Link>
    </>
  );
}
