import { Link } from '@tanstack/react-router';
import type { EventRow } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { actorWords } from '../parts/actor.ts';
import { eventName, orderIn } from '../parts/event.ts';
import { VoucherName } from '../parts/voucher-name.tsx';
import { Moment } from '../parts/moment-text.tsx';

/** Events with links to their users, claims and decisions. It also shows a claim's history. */
interface Props {
  events: readonly EventRow[];
  zone: string;
  /** Names the voucher of each event, in a list over several. */
  withVoucher?: boolean;
}

export function EventTable({ events, zone, withVoucher = false }: Props) {
  const { t } = useTranslation();
  return (
    <div className="scrolls">
      <table className="plain event-table">
        <thead>
          <tr>
            <th scope="col">
              {t('voucher.event.when')} ({zone})
            </th>
            {withVoucher && <th scope="col">{t('screens.decision.voucher')}</th>}
            <th scope="col">{t('voucher.event.what')}</th>
            <th scope="col">{t('voucher.event.who')}</th>
            <th scope="col">{t('voucher.event.reason')}</th>
            <th scope="col">{t('voucher.event.claim')}</th>
            <th scope="col">{t('voucher.event.decision')}</th>
            <th scope="col" className="number">
              {t('voucher.event.place')}
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <EventCells key={event.id} event={event} zone={zone} withVoucher={withVoucher} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EventCells({ event, zone, withVoucher }: { event: EventRow; zone: string; withVoucher: boolean }) {
  const { t } = useTranslation();
  const { type, at, data, submissionId, partition, seq } = event;
  const order = orderIn(event);
  const claimId = data.claim?.id ?? data.redemption?.claimId;
  return (
    <tr>
      <td className="nowrap">
        <Moment at={at} precision="second" zone={zone} />
      </td>
      {withVoucher && (
        <td>
          <VoucherName id={event.voucherId} />
        </td>
      )}
      <td>
        {type === 'voucher.defined.v1'
          ? t('terms.definedAs', { version: data.voucherVersion })
          : t(`terms.event.${eventName(type)}`)}
        {order && <span className="muted"> {t('voucher.event.order', { order })}</span>}
      </td>
      <td>
        {data.userId && (
          <Link to="/users/$userId" params={{ userId: data.userId }} preload={false}>
            <bdi>{data.userId}</bdi>
          </Link>
        )}
        {data.by && data.by.sub !== data.userId && (
          <bdi className="muted" title={data.by.sub}>
            {' '}
            {t('frame.by', { who: t('screens.decision.actor', actorWords(data.by)) })}
          </bdi>
        )}
      </td>
      <td>
        {data.reason && t(`reasons.staff.${data.reason}`)}
        {data.comment && <bdi className="muted"> {data.comment}</bdi>}
      </td>
      <td>
        {claimId && (
          <Link to="/claims/$id" params={{ id: claimId }} preload={false}>
            <span className="narrow-words">{t('voucher.event.claim')} </span>…{claimId.slice(-6)}
          </Link>
        )}
      </td>
      <td>
        {submissionId && type !== 'voucher.defined.v1' && (
          <Link to="/decisions/$submissionId" params={{ submissionId }} preload={false}>
            <span className="narrow-words">{t('voucher.event.decision')} </span>…{submissionId.slice(-6)}
          </Link>
        )}
      </td>
      <td className="number">
        {partition}/{seq}
      </td>
    </tr>
  );
}
