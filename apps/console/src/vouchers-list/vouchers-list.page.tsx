import { Icon } from '../parts/icon.tsx';
import type { Voucher } from '@vouchers/contracts';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listFilters, type ListFilters } from '../app/filters.ts';
import { useTitle } from '../app/title.ts';
import { CsvButton } from '../parts/csv-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Filters } from './filters.tsx';
import { useFoundVouchers } from './found-vouchers.ts';
import { listCsv } from './list-csv.ts';
import { SelectionContext, type Selection } from './selection.ts';
import { VoucherRows } from './voucher-rows.tsx';
import './vouchers-list.css';

const BulkActions = lazy(async () => ({ default: (await import('./bulk-actions.tsx')).BulkActions }));

/** `/vouchers`: the list of vouchers, newest first, with live funnels. */
export function VouchersListPage() {
  const { t } = useTranslation();
  const filters = listFilters({ ...useSearch({ from: '/frame/vouchers' }) });
  const navigate = useNavigate();
  const [labels, setLabels] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Voucher>>(new Map());
  const selection = useMemo<Selection>(
    () => ({
      chosen,
      choose: (vouchers, isChosen) =>
        setChosen((before) => {
          const next = new Map(before);
          for (const voucher of vouchers) {
            if (isChosen) next.set(voucher.id, voucher);
            else next.delete(voucher.id);
          }
          return next;
        }),
    }),
    [chosen],
  );
  useTitle(t('screens.list.title'));
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('screens.list.title')}</h1>
        <PermittedButton
          scope="vouchers:write"
          type="primary"
          icon={<Icon of="Plus" />}
          onClick={() => void navigate({ to: '/vouchers/new' })}
        >
          {t('screens.list.create')}
        </PermittedButton>
      </div>
      <Filters
        filters={filters}
        labels={labels}
        onChange={(next) => void navigate({ to: '/vouchers', search: next, replace: true })}
      />
      {chosen.size > 0 && (
        <Suspense fallback={<Placeholder height={44} />}>
          <BulkActions vouchers={[...chosen.values()]} onClear={() => setChosen(new Map())} />
        </Suspense>
      )}
      <SelectionContext value={selection}>
        <FoundVouchers filters={filters} onLabels={setLabels} />
      </SelectionContext>
    </div>
  );
}

interface FoundProps {
  filters: ListFilters;
  /** Called with the labels of the vouchers that were found. */
  onLabels?(labels: readonly string[]): void;
}

/** The vouchers that match the filters, or a note that there are none. */
export function FoundVouchers({ filters, onLabels }: FoundProps) {
  const { t } = useTranslation();
  const found = useFoundVouchers(filters);
  const pages = found.data?.pages;
  const vouchers = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const attention = useMemo(() => Object.assign({}, ...(pages ?? []).map((page) => page.attention)), [pages]);
  useLabels(vouchers, onLabels);
  if (found.isPending) return <Placeholder rows={8} height={60} />;
  if (!found.data) return <Problem error={found.error} onRetry={() => void found.refetch()} persistent />;
  const narrowed = Object.keys(filters).length > 0;
  if (vouchers.length === 0) {
    return (
      <Empty title={t(narrowed ? 'screens.list.noMatch' : 'screens.list.empty')}>
        <p>{t(narrowed ? 'screens.list.noMatchText' : 'screens.list.emptyText')}</p>
        {narrowed ? (
          <Link to="/vouchers">{t('screens.list.clear')}</Link>
        ) : (
          <Link to="/vouchers/new">{t('screens.list.create')}</Link>
        )}
      </Empty>
    );
  }
  return (
    <>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      <VoucherRows vouchers={vouchers} attention={attention} faded={found.isPlaceholderData} />
      <div className="row">
        <LoadMore of={found} />
        <span className="muted">{t('screens.list.shown', { number: vouchers.length })}</span>
        <CsvButton name="vouchers" lines={() => listCsv(vouchers)} partial={found.hasNextPage} />
      </div>
    </>
  );
}

const MOST_LABELS = 200;

function useLabels(vouchers: readonly Voucher[], onLabels: FoundProps['onLabels']): void {
  const labels = useMemo(
    () =>
      [
        ...new Set(vouchers.flatMap((one) => Object.entries(one.labels).map(([key, value]) => `${key}:${value}`))),
      ].slice(0, MOST_LABELS),
    [vouchers],
  );
  useEffect(() => onLabels?.(labels), [labels, onLabels]);
}
