import { Link } from '@tanstack/react-router';
import type { CounterValues, EventType, PushReason, Reason, RefusedKind } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { Bars } from '../parts/bars.tsx';
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
};
/** A refused push is not an event, so it has no list of events. */
const KINDS = [...(Object.keys(TYPES) as RefusedKind[]), 'push' as const];

/** Refusals by kind and reason, the most frequent first. With `voucherId`, each links to its events. */
export function Refusals({ counters, voucherId }: { counters: CounterValues; voucherId?: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const kinds = KINDS.filter((kind) => refusalsOf(counters.refused[kind]).length > 0);
  if (kinds.length === 0) {
    return (
      <section className="panel">
        <h2>{t('voucher.refusals')}</h2>
        <p className="muted">{t('voucher.noRefusals')}</p>
      </section>
    );
  }
  return kinds.map((kind) => {
    const refusals = refusalsOf(counters.refused[kind]);
    const most = Math.max(...refusals.map(([, count]) => count));
    const bars = refusals.map(([reason, count]) => ({
      key: reason,
      name: t(`reasons.staff.${reason as Reason | PushReason}`),
      number: formatCount(count, language),
      length: count / most,
      colour: 'bar-refused',
    }));
    return (
      <section key={kind} className="panel">
        <Bars title={t('voucher.refusalsOf', { kind: t(`terms.kind.${kind}`) })} bars={bars} />
        {voucherId && kind !== 'push' && (
          <p>
            <Link to="/vouchers/$id/events" params={{ id: voucherId }} search={{ type: TYPES[kind] }}>
              {t('voucher.allEvents')}
            </Link>
          </p>
        )}
      </section>
    );
  });
}
