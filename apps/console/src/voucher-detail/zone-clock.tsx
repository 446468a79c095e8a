import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment, VIEWER_ZONE } from '../parts/moment.ts';

/** The current time in the voucher's zone and in the viewer's. */
export function ZoneClock({ timeZone }: { timeZone: string }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="muted">
      {timeZone} {formatMoment(now, 'clock', timeZone)}
      {timeZone !== VIEWER_ZONE && ` (${t('voucher.yourTime', { time: formatMoment(now, 'clock') })})`}
    </span>
  );
}
