import type { Voucher } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { formatDistance, formatMoment } from './moment.ts';
import { timeEdgeOf } from './voucher-time.ts';

/** Shows the next or last edge of a voucher's windows: "claim opens in 2 hr." */
export function TimeEdge({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const now = Date.now();
  const edge = timeEdgeOf(voucher, now);
  if (!edge) return null;
  const { timeZone } = voucher.windows;
  return (
    <span className="muted" title={`${formatMoment(edge.at, 'second', timeZone)} ${timeZone}`}>
      {t(`terms.moment.${edge.key}`, { when: formatDistance(edge.at, now, language) })}
    </span>
  );
}
