import { Link } from '@tanstack/react-router';
import type { CounterValues, EventType, PushReason, Reason, RefusedKind } from '@vouchers/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { Bars } from '../parts/bars.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { countersCsv } from './counters-csv.ts';
import { refusalsOf } from '../parts/funnel.ts';
import { formatCount } from '../parts/money.ts';

const TYPES: Record<RefusedKind, EventType> = {
  claim: 'voucher.claim-refused.v1',
  redemption: 'voucher.redemption-refused.v1',
  lock: 'voucher.lock-refused.v1',
  unlock: 'voucher.unlock-refused.v1',
  release: 'voucher.release-refused.v1',
  revoke: 'voucher.revoke-refused.v1',
  rollback: 'voucher.rollback-refused.v1',
  join: 'voucher.join-refused.v1',
  leave: 'voucher.leave-refused.v1',
  extension: 'voucher.extension-refused.v1',
};
/** A refused push is not an event, so it has no list of events. */
const KINDS = [...(Object.keys(TYPES) as RefusedKind[]), 'push' as const];

/** Refusals by kind and reason, the most frequent first. With `voucherId`, each reason links to its events. */
export function Refusals({ counters, voucherId }: { counters: CounterValues; voucherId?: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const kinds = KINDS.filter((kind) => refusalsOf(counters.refused[kind]).length > 0);
  /** The reason, as a link to its events. A refused push is no event. */
  const named = (kind: (typeof KINDS)[number], reason: Reason | PushReason): ReactNode =>
    voucherId === undefined || kind === 'push' ? (
      t(`reasons.staff.${reason}`)
    ) : (
      <Link
        to="/vouchers/$id/events"
        params={{ id: voucherId }}
        search={{ type: TYPES[kind], reason: reason as Reason }}
        preload={false}
      >
        {t(`reasons.staff.${reason}`)}
      </Link>
    );
  if (kinds.length === 0) {
    return (
      <section className="panel">
        <h2>{t('voucher.refusals')}</h2>
        <p className="muted">{t('voucher.noRefusals')}</p>
      </section>
    );
  }
  return (
    <section className="panel stack">
      <div className="row spread">
        <h2>{t('voucher.refusals')}</h2>
        <CsvButton name={`refusals-${voucherId ?? ''}`} lines={() => countersCsv(counters)} />
      </div>
      {kinds.map((kind) => {
        const refusals = refusalsOf(counters.refused[kind]);
        const most = Math.max(...refusals.map(([, count]) => count));
        const bars = refusals.map(([reason, count]) => ({
          key: reason,
          name: named(kind, reason as Reason | PushReason),
          number: formatCount(count, language),
          length: count / most,
          colour: 'bar-refused',
        }));
        return (
          <div key={kind}>
            <Bars title={t(`terms.kind.${kind}`)} bars={bars} level={3} />
          </div>
        );
      })}
    </section>
  );
}
