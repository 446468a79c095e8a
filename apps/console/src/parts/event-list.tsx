import { Link } from '@tanstack/react-router';
import type { EventRow } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { actorWords } from './actor.ts';
import { eventName } from './event.ts';
import { formatMoment } from './moment.ts';

interface Props {
  events: readonly EventRow[];
  /** The time zone of the times. */
  zone: string;
  /** Decisions open beside this voucher's overview; without it, on their own page. */
  beside?: string;
}

/** A list of events. An event of a decision links to it. */
export function EventList({ events, zone, beside }: Props) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={event.id}>
          <EventLine event={event} zone={zone} beside={beside} />
        </li>
      ))}
    </ol>
  );
}

const isToday = (at: string, zone: string): boolean =>
  formatMoment(at, 'day', zone) === formatMoment(Date.now(), 'day', zone);

function EventLine({ event, zone, beside }: { event: EventRow; zone: string; beside?: string }) {
  const { t } = useTranslation();
  const { type, at, submissionId, data } = event;
  const cells = (
    <>
      <time dateTime={at} title={`${formatMoment(at, 'second', zone)} ${zone}`}>
        {formatMoment(at, isToday(at, zone) ? 'clock' : 'minute', zone)}
      </time>
      <span>
        {type === 'voucher.defined.v1'
          ? t('terms.definedAs', { version: data.voucherVersion })
          : t(`terms.event.${eventName(type)}`)}{' '}
        <span className="muted">{data.userId}</span>
        {data.by && data.by.sub !== data.userId && (
          <span className="muted" title={data.by.sub}>
            {' '}
            {t('frame.by', actorWords(data.by))}
          </span>
        )}
      </span>
      <span className="muted">{data.reason && t(`reasons.staff.${data.reason}`)}</span>
    </>
  );
  if (!submissionId || type === 'voucher.defined.v1') return <div className="timeline-row">{cells}</div>;
  if (beside === undefined) {
    return (
      <Link to="/decisions/$submissionId" params={{ submissionId }} preload={false}>
        {cells}
      </Link>
    );
  }
  return (
    <Link
      to="/vouchers/$id"
      params={{ id: beside }}
      search={(before) => ({ ...before, decision: submissionId })}
      mask={{ to: '/decisions/$submissionId', params: { submissionId } }}
      resetScroll={false}
      preload={false}
    >
      {cells}
    </Link>
  );
}
