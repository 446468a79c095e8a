import type { Counters } from '@vouchers/contracts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { FunnelBars } from '../parts/funnel-bars.tsx';
import { formatCount } from '../parts/money.ts';
import { formatMoment } from '../parts/moment.ts';
import { WaitingCounts } from './waiting-counts.tsx';

interface Props {
  counters: Counters;
  state: 'connecting' | 'live' | 'stale' | 'past';
  /** When the counters were last heard of. Unix milliseconds. */
  heardAt: number | undefined;
  zone: string;
}

/** The funnel, and the time of its counters. */
export function LiveFunnel({ counters, state, heardAt, zone }: Props) {
  const { t } = useTranslation();
  const time = formatMoment(heardAt ?? counters.asOf.at, 'clock', zone);
  const mark = {
    connecting: t('voucher.connecting'),
    live: t('voucher.live'),
    stale: t('voucher.staleAsOf', { time }),
    past: t('voucher.staleAsOf', { time }),
  }[state];
  const title = (
    <span className="row">
      {t('voucher.funnel')} <span className={`live-mark ${state}`}>{mark}</span>
    </span>
  );
  return (
    <section className={`panel ${state}`}>
      <FunnelBars title={title} counters={counters} />
      {(counters.joined > 0 || counters.extended > 0) && <WaitingCounts counters={counters} />}
      {state === 'live' && <Announcement counters={counters} />}
    </section>
  );
}

const EVERY_MS = 10_000;

/** Announces the numbers to screen readers, at most once per ten seconds. */
function Announcement({ counters }: { counters: Counters }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const newest = useRef(counters);
  const [said, setSaid] = useState(counters);
  useEffect(() => {
    newest.current = counters;
  }, [counters]);
  useEffect(() => {
    const timer = setInterval(() => setSaid(newest.current), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const count = (key: 'pushed' | 'claimed' | 'redeemed'): string => formatCount(said[key], language);
  return (
    <div className="visually-hidden" aria-live="polite">
      {t('voucher.announced', { pushed: count('pushed'), claimed: count('claimed'), redeemed: count('redeemed') })}
    </div>
  );
}
