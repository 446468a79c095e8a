import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { EventEntry, Voucher, WaitingEntry } from '@vouchers/contracts';
import { answer, services } from '../api/api.ts';
import { useLiveCounters } from '../api/counters-stream.ts';
import { voucherQuery } from '../api/queries.ts';
import { usePreferences } from '../app/preferences.ts';
import { Empty } from '../parts/empty.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { Moment } from '../parts/moment-text.tsx';
import { formatCount } from '../parts/money.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { openOffers } from './open-offers.ts';
import { WaitingCounts } from './waiting-counts.tsx';
import { useWaitingWords } from './waiting-words.ts';

/** The list is read again when a counter moves, and this often, since offers run out by time alone. */
const EVERY_MS = 15_000;
/** Offers are looked for in so many of the newest events. */
const NEWEST = 200;

/** `/vouchers/{id}/waiting-list`: who waits, in the order of offers, and the offers that are open. */
export function WaitingListPage() {
  const words = useWaitingWords();
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { data } = useQuery(voucherQuery(id));
  const { counters, problem, retry } = useLiveCounters(id, false);
  const { waiting = 0, offered = 0, joined = 0 } = counters ?? {};
  const moved = counters && `${waiting} ${offered} ${joined} ${counters.left} ${counters.claimedFromOffer}`;
  const found = useInfiniteQuery({
    queryKey: ['waiting-list', id, moved],
    queryFn: ({ pageParam }) =>
      answer(
        services().ledger.GET('/v1/vouchers/{id}/waiting-list', {
          params: { path: { id }, query: { limit: 100, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: moved !== undefined,
  });
  const offers = useQuery({
    queryKey: ['open-offers', id, moved],
    queryFn: async () => {
      const query = { order: 'desc', limit: NEWEST } as const;
      const newest = await answer(
        services().ledger.GET('/v1/vouchers/{id}/events', { params: { path: { id }, query } }),
      );
      return openOffers(newest.items);
    },
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
    enabled: moved !== undefined,
  });
  const voucher = data?.value;
  if (problem && !counters) return <Problem error={problem} onRetry={retry} persistent />;
  if (!voucher || !counters) return <Placeholder rows={6} height={40} />;
  if (!voucher.waitingList && joined === 0)
    return (
      <Empty title={words('none')}>
        <p>{words('noneText')}</p>
      </Empty>
    );
  const zone = voucher.windows.timeZone;
  const entries = found.data?.pages.flatMap(({ items }) => items);
  return (
    <div className="stack">
      <section className="panel">
        <h2>{words('counts')}</h2>
        <WaitingCounts counters={counters} />
        <Standstill voucher={voucher} />
      </section>
      {[found, offers].map(
        ({ error, refetch }, index) =>
          error && <Problem key={index} error={error} onRetry={() => void refetch()} persistent />,
      )}
      <div className="overview">
        <section className="panel">
          <h2>{words('list')}</h2>
          {entries && entries.length > 0 ? (
            <>
              <p className="muted">{words('order')}</p>
              <Line entries={entries} zone={zone} />
              <LoadMore of={found} />
            </>
          ) : (
            <>
              <p>{words('nobody')}</p>
              <p className="muted">{words('nobodyText')}</p>
            </>
          )}
        </section>
        <Offers offers={offers.data ?? []} count={offered} zone={zone} />
      </div>
    </div>
  );
}

/** Why nobody is offered a unit now, however many are free. */
function Standstill({ voucher: { state, clock, windows } }: { voucher: Voucher }) {
  const words = useWaitingWords();
  const isOver = clock === 'wall' && Date.parse(windows.claim.to) <= Date.now();
  if (state !== 'paused' && state !== 'terminated' && !isOver) return null;
  return <p className="bad">{words(state === 'paused' ? 'paused' : 'closed')}</p>;
}

function Line({ entries, zone }: { entries: readonly WaitingEntry[]; zone: string }) {
  const words = useWaitingWords();
  const { language } = usePreferences();
  return (
    <div className="scrolls">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col" className="number">
              {words('place')}
            </th>
            <th scope="col">{words('user')}</th>
            <th scope="col" className="number">
              {words('rank')}
            </th>
            <th scope="col">
              {words('joined')} ({zone})
            </th>
            <th scope="col" className="number">
              {words('event')}
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, userId, rank, joinedAt, joined }, index) => (
            <tr key={id}>
              <td className="number">{formatCount(index + 1, language)}</td>
              <td>
                <UserLink userId={userId} /> {index === 0 && <span className="next-mark">{words('next')}</span>}
              </td>
              <td className="number">{rank}</td>
              <td className="nowrap">
                <Moment at={joinedAt} precision="second" zone={zone} />
              </td>
              <td className="number">
                {joined.partition}/{joined.seq}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const UserLink = ({ userId }: { userId: string }) => (
  <Link to="/users/$userId" params={{ userId }} preload={false}>
    <bdi>{userId}</bdi>
  </Link>
);

function Offers({ offers, count, zone }: { offers: readonly EventEntry[]; count: number; zone: string }) {
  const words = useWaitingWords();
  return (
    <section className="panel">
      <h2>{words('offers')}</h2>
      {offers.length === 0 && count === 0 && <p className="muted">{words('noOffers')}</p>}
      {offers.length > 0 && (
        <div className="scrolls">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{words('user')}</th>
                <th scope="col">
                  {words('until')} ({zone})
                </th>
                <th scope="col" className="number">
                  {words('rank')}
                </th>
              </tr>
            </thead>
            <tbody>
              {offers.map(({ id, userId, rank, offer }) => (
                <tr key={id}>
                  <td>
                    <UserLink userId={userId} />
                  </td>
                  <td className="nowrap">
                    <Moment at={offer!.until} precision="second" zone={zone} />
                  </td>
                  <td className="number">{rank}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {offers.length < count && <p className="muted">{words('moreOffers', { shown: offers.length, count })}</p>}
    </section>
  );
}
