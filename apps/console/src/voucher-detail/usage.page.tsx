import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Voucher } from '@vouchers/contracts';
import { lazy, Suspense } from 'react';
import { answer, services } from '../api/api.ts';
import type { Usage } from '../api/answers.ts';
import { voucherQuery } from '../api/queries.ts';
import { usePreferences } from '../app/preferences.ts';
import { useChartWords } from '../charts/chart-words.ts';
import { WeekBars } from '../charts/week-bars.tsx';
import { Bars } from '../parts/bars.tsx';
import { formatCount } from '../parts/money.ts';
import { formatDuration } from '../parts/moment.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';

const IdleUnits = lazy(async () => ({ default: (await import('./idle-units.tsx')).IdleUnits }));
const IDLE_PX = 303;

/** `/vouchers/{id}/usage`: when the voucher is claimed and used, and how many units lie idle. */
export function UsagePage() {
  const words = useChartWords();
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { data } = useQuery(voucherQuery(id));
  const usage = useQuery({
    queryKey: ['usage', id],
    queryFn: () => answer(services().ledger.GET('/v1/vouchers/{id}/usage', { params: { path: { id } } })),
    staleTime: 30_000,
  });
  return (
    <div className="stack">
      {usage.error && <Problem error={usage.error} onRetry={() => void usage.refetch()} persistent />}
      {usage.data && !usage.data.complete && <p className="muted">{words('partly')}</p>}
      <div className="overview">
        <div className="stack">{usage.data ? <UntilUse usage={usage.data} /> : <Placeholder height={IDLE_PX} />}</div>
        <Suspense fallback={<Placeholder height={IDLE_PX} />}>{data && <Idle voucher={data.value} />}</Suspense>
      </div>
      {usage.data ? (
        <WeekBars byHour={usage.data.byHour} zone={usage.data.timeZone} />
      ) : (
        <Placeholder height={IDLE_PX} />
      )}
    </div>
  );
}

const Idle = ({ voucher }: { voucher: Voucher }) => <IdleUnits voucher={voucher} />;

function UntilUse({ usage: { untilUse, medianSeconds } }: { usage: Usage }) {
  const words = useChartWords();
  const { language } = usePreferences();
  const most = Math.max(...untilUse.map(({ uses }) => uses));
  if (medianSeconds === null || most === 0) {
    return (
      <section className="panel">
        <h2>{words('untilUse')}</h2>
        <p className="muted">{words('noUses')}</p>
      </section>
    );
  }
  const bars = untilUse.map(({ upTo, uses }) => ({
    key: upTo ?? 'longer',
    name: upTo === null ? words('longer') : words('upTo', { length: formatDuration(upTo, language) }),
    number: formatCount(uses, language),
    length: uses / most,
    colour: 'bar-redeemed',
  }));
  return (
    <section className="panel">
      <Bars title={words('untilUse')} bars={bars} />
      <p className="muted">{words('median', { length: formatDuration(lengthOf(medianSeconds), language) })}</p>
    </section>
  );
}

const UNITS = [
  [86_400, (days: number) => `P${days}D`],
  [3_600, (hours: number) => `PT${hours}H`],
  [60, (minutes: number) => `PT${minutes}M`],
  [1, (seconds: number) => `PT${seconds}S`],
] as const;

/** A length in its largest whole unit, rounded up: `P2D`. */
export function lengthOf(seconds: number): string {
  const [size, text] = UNITS.find(([unit]) => seconds >= unit) ?? UNITS[3];
  return text(Math.max(1, Math.ceil(seconds / size)));
}
