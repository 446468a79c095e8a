import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Claim, EventRow, EventType, Voucher } from '@vouchers/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { voucherQuery } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { actorWords } from '../parts/actor.ts';
import { eventName } from '../parts/event.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Moment } from '../parts/moment-text.tsx';
import { formatMoment } from '../parts/moment.ts';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { ClaimStateTag } from '../parts/state-tag.tsx';
import { EventTable } from '../voucher-detail/event-table.tsx';
import { Revocation } from './revocation.tsx';
import '../voucher-detail/voucher.css';

/** Short enough that a revocation's decision appears soon. */
const EVERY_MS = 5_000;

/** The claim after its newest event. */
export const newestClaim = (events: readonly EventRow[]): Claim | undefined =>
  events.findLast(({ data }) => data.claim !== undefined)?.data.claim;

const ENDS: readonly EventType[] = [
  'voucher.claim-revoked.v1',
  'voucher.claim-released.v1',
  'voucher.claim-expired.v1',
  'voucher.redemption-rolled-back.v1',
];

/** The newest event that ended the claim, with who did it and why. */
const endOf = (events: readonly EventRow[]): EventRow | undefined => events.findLast(({ type }) => ENDS.includes(type));

/** `/claims/{id}`: a claim's history, and a button to revoke it. */
export function ClaimPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/frame/claims/$id' });
  useTitle(t('screens.claim.title'));
  const found = useQuery({
    queryKey: ['claim', id],
    queryFn: () =>
      answer(services().ledger.GET('/v1/claims/{id}/history', { params: { path: { id }, query: { limit: 200 } } })),
    refetchInterval: EVERY_MS,
  });
  const events = found.data?.items;
  const claim = events && newestClaim(events);
  const voucher = useQuery({ ...voucherQuery(events?.[0]?.voucherId ?? ''), enabled: events !== undefined });
  const zone = voucher.data?.value.windows.timeZone ?? 'UTC';
  return (
    <div className="stack">
      <h1>{t('screens.claim.title')}</h1>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={5} height={40} />}
      {claim && <ClaimShown claim={claim} ended={endOf(events)} voucher={voucher.data?.value} zone={zone} />}
      {events && (
        <section className="panel">
          <h2>{t('screens.claim.history')}</h2>
          <EventTable events={events} zone={zone} />
        </section>
      )}
    </div>
  );
}

interface ClaimProps {
  claim: Claim;
  ended: EventRow | undefined;
  voucher: Voucher | undefined;
  zone: string;
}

function ClaimShown({ claim, ended, voucher, zone }: ClaimProps) {
  const { t } = useTranslation();
  const [revoking, setRevoking] = useState(false);
  const { id, voucherId, userId, state, uses, heldAt, useFrom, useUntil, lock } = claim;
  return (
    <section className="panel stack">
      <div className="row spread">
        <div className="row">
          <ClaimStateTag state={state} />
          <strong>
            <Link to="/users/$userId" params={{ userId }}>
              <bdi>{userId}</bdi>
            </Link>
          </strong>
          <Link to="/vouchers/$id" params={{ id: voucherId }}>
            <bdi>{voucher?.name.trim() || voucherId}</bdi>
          </Link>
        </div>
        {(state === 'held' || state === 'locked') && (
          <PermittedButton scope="vouchers:publish" team={voucher?.team} danger onClick={() => setRevoking(true)}>
            {t('screens.claim.revoke')}
          </PermittedButton>
        )}
      </div>
      <dl className="settings">
        <dt>{t('voucher.id')}</dt>
        <dd>
          <CopyText text={id} what={t('voucher.id')} />
        </dd>
        <dt>{t('screens.claim.uses')}</dt>
        <dd>{uses}</dd>
        <dt>{t('screens.claim.heldAt')}</dt>
        <dd>
          <Moment at={heldAt} precision="second" zone={zone} /> {zone}
        </dd>
        <dt>{t('screens.claim.useFrom')}</dt>
        <dd>
          <Moment at={useFrom} zone={zone} /> {zone}
        </dd>
        <dt>{t('screens.claim.useUntil')}</dt>
        <dd>
          <Moment at={useUntil} zone={zone} /> {zone}
        </dd>
      </dl>
      {ended && (
        <p>
          <strong>{t(`terms.event.${eventName(ended.type)}`)}</strong> {formatMoment(ended.at, 'second', zone)} {zone}{' '}
          {ended.data.by && (
            <bdi title={ended.data.by.sub}>
              {t('frame.by', { who: t('screens.decision.actor', actorWords(ended.data.by)) })}
            </bdi>
          )}{' '}
          {ended.data.comment && <bdi className="muted">{ended.data.comment}</bdi>}
        </p>
      )}
      {lock && (
        <p>{t('screens.claim.lock', { order: lock.orderId, until: formatMoment(lock.until, 'second', zone) })}</p>
      )}
      {revoking && <Revocation claimId={id} onClose={() => setRevoking(false)} />}
    </section>
  );
}
