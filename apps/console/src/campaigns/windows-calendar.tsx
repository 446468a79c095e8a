import type { Voucher } from '@vouchers/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatMoment, VIEWER_ZONE } from '../parts/moment.ts';
import { calendarOf } from './calendar.ts';
import './windows-calendar.css';

/** When the vouchers can be claimed and used, one line each, on one axis. The same times stand beside it as text. */
export function WindowsCalendar({ vouchers }: { vouchers: readonly Voucher[] }) {
  const { t } = useTranslation();
  const calendar = calendarOf(vouchers, Date.now());
  if (!calendar) return null;
  const { from, to, lines, now } = calendar;
  return (
    <section className="panel">
      <h2>{t('screens.campaign.calendar')}</h2>
      <div className="calendar-axis muted" aria-hidden>
        <span>{formatMoment(from, 'day')}</span>
        <span>{VIEWER_ZONE}</span>
        <span>{formatMoment(to, 'day')}</span>
      </div>
      <ul className="calendar">
        {lines.map(({ voucher, claim, use }) => (
          <li key={voucher.id}>
            <Link to="/vouchers/$id" params={{ id: voucher.id }} preload={false}>
              <bdi>{voucher.name.trim() || t('terms.unnamed')}</bdi>
            </Link>
            <span className="calendar-track" aria-hidden>
              <span className="calendar-use" style={{ left: `${use.left}%`, width: `${use.width}%` }} />
              <span className="calendar-claim" style={{ left: `${claim.left}%`, width: `${claim.width}%` }} />
              {now !== undefined && <span className="calendar-now" style={{ left: `${now}%` }} />}
            </span>
            <small className="muted">
              {t('screens.campaign.claimed', {
                from: formatMoment(voucher.windows.claim.from, 'day'),
                to: formatMoment(voucher.windows.claim.to, 'day'),
              })}
            </small>
          </li>
        ))}
      </ul>
      <p className="row">
        <span className="calendar-claim calendar-swatch" aria-hidden /> {t('voucher.claimWindow')}
        <span className="calendar-use calendar-swatch" aria-hidden /> {t('voucher.useWindow')}
      </p>
    </section>
  );
}
