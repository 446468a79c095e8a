import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { ATTENTIONS, type Attention } from '../app/filters.ts';
import { usePreferences } from '../app/preferences.ts';
import { useTitle } from '../app/title.ts';
import { Empty } from '../parts/empty.tsx';
import { formatCount } from '../parts/money.ts';
import { formatDistance, formatMoment, VIEWER_ZONE } from '../parts/moment.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import './today.css';

const EVERY_MS = 30_000;
const SHOWN = 200;

/** `/today`: the vouchers that need attention, by why. */
export function TodayPage() {
  const { t } = useTranslation();
  useTitle(t('screens.today.title'));
  const found = useQuery({
    queryKey: ['vouchers-today'],
    queryFn: () =>
      answer(
        services().ledger.GET('/v1/vouchers', { params: { query: { attention: 'any', sort: 'ends', limit: SHOWN } } }),
      ),
    refetchInterval: EVERY_MS,
  });
  const items = found.data?.items;
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('screens.today.title')}</h1>
        {found.data && (
          <span className="muted">
            {t('screens.today.asOf', { time: `${formatMoment(found.dataUpdatedAt, 'clock')} ${VIEWER_ZONE}` })}
          </span>
        )}
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={4} height={120} />}
      {items?.length === 0 && (
        <Empty title={t('screens.today.nothing')}>
          <p>{t('screens.today.nothingText')}</p>
          <Link to="/vouchers">{t('frame.toVouchers')}</Link>
        </Empty>
      )}
      {items && items.length > 0 && (
        <div className="today">
          {ATTENTIONS.map((attention) => (
            <Kind
              key={attention}
              attention={attention}
              items={items.filter((one) => one.attention.includes(attention))}
            />
          ))}
        </div>
      )}
      {found.data?.next && (
        <Link to="/vouchers" search={{ attention: 'any' }}>
          {t('screens.today.more')}
        </Link>
      )}
    </div>
  );
}

type Item = { voucherId: string; name: string; state: string; free: number | null; claimUntil: string };

function Kind({ attention, items }: { attention: Attention; items: readonly Item[] }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  if (items.length === 0) return null;
  return (
    <section className="panel">
      <div className="row spread">
        <h2>
          <span className={`attention attention-${attention}`}>{t(`terms.attention.${attention}`)}</span> {items.length}
        </h2>
        <Link to="/vouchers" search={{ attention }}>
          {t('screens.today.all')}
        </Link>
      </div>
      <p className="muted">{t(`screens.today.why.${attention}`)}</p>
      <table className="plain">
        <tbody>
          {items.map(({ voucherId, name, state, free, claimUntil }) => (
            <tr key={voucherId}>
              <th scope="row">
                <Link to="/vouchers/$id" params={{ id: voucherId }}>
                  <bdi>{name.trim() || t('terms.unnamed')}</bdi>
                </Link>
              </th>
              <td>
                <StateTag state={state as 'enabled'} />
              </td>
              <td className="number">
                {attention === 'ends-soon'
                  ? t('terms.moment.claimOpenUntil', {
                      when: formatDistance(Date.parse(claimUntil), Date.now(), language),
                    })
                  : attention !== 'behind' &&
                    free !== null &&
                    t('screens.today.free', { number: formatCount(free, language) })}
              </td>
              <td className="number">
                {attention === 'proof-broken' && (
                  <Link to="/vouchers/$id/proof" params={{ id: voucherId }} preload={false}>
                    {t('voucher.proof')}
                  </Link>
                )}
                {attention === 'refusals' && (
                  <Link
                    to="/vouchers/$id/events"
                    params={{ id: voucherId }}
                    search={{ type: 'voucher.claim-refused.v1' }}
                    preload={false}
                  >
                    {t('voucher.refusals')}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
