import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { EventList } from '../parts/event-list.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';

interface Props {
  voucherId: string;
  zone: string;
  /** The past moment to show. */
  until: string | undefined;
  /** The seq of the counters' last event. If it changes, there are new events. */
  head: number | undefined;
}

const SHOWN = 20;

/** The newest events, or the last ones before the past moment. */
export function Timeline({ voucherId, zone, until, head }: Props) {
  const { t } = useTranslation();
  const path = { id: voucherId };
  const found = useQuery({
    queryKey: ['timeline', voucherId, until, head],
    queryFn: () =>
      answer(
        services().ledger.GET('/v1/vouchers/{id}/events', {
          params: { path, query: { order: 'desc', limit: SHOWN, to: until } },
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 1_000,
  });
  return (
    <section className="panel">
      <div className="row spread">
        <h2>{t('voucher.timeline')}</h2>
        <Link to="/vouchers/$id/events" params={path}>
          {t('voucher.allEvents')}
        </Link>
      </div>
      {found.error && !found.data && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={6} height={26} />}
      {found.data?.items.length === 0 && (
        <>
          <p>{t('voucher.noEvents')}</p>
          <p className="muted">{t('voucher.noEventsText')}</p>
        </>
      )}
      {found.data && <EventList events={found.data.items} zone={zone} beside={voucherId} />}
    </section>
  );
}
