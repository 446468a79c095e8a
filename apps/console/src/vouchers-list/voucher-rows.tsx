import type { Voucher } from '@vouchers/contracts';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCountersInView } from '../api/counters.ts';
import type { Attention } from '../app/filters.ts';
import { useSelection } from './selection.ts';
import { VoucherRow } from './voucher-row.tsx';

const ROW_PX = 62;

interface Props {
  vouchers: readonly Voucher[];
  /** The kinds of attention by voucher, where the ledger was asked. */
  attention?: Readonly<Record<string, readonly Attention[]>>;
  /** True while other vouchers are loading. */
  faded?: boolean;
}

/** A table of any length. Only the rows in view are rendered, and only their counters are requested. */
export function VoucherRows({ vouchers, attention = {}, faded = false }: Props) {
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(body.current?.offsetTop ?? 0), [vouchers.length]);
  const virtual = useWindowVirtualizer({
    count: vouchers.length,
    estimateSize: () => ROW_PX,
    overscan: 6,
    scrollMargin: top,
    getItemKey: (index) => vouchers[index]!.id,
  });
  const rows = virtual.getVirtualItems();
  const { counters, error } = useCountersInView(rows.flatMap(({ index }) => vouchers[index]?.id ?? []));
  const selection = useSelection();
  const allChosen = selection !== undefined && vouchers.every(({ id }) => selection.chosen.has(id));
  const columns = [
    t('terms.name'),
    t('screens.list.state'),
    t('screens.list.funnel'),
    t('screens.list.stock'),
    t('terms.count.refused'),
    t('screens.list.ends'),
  ];
  return (
    <div
      role="table"
      aria-label={t('screens.list.title')}
      aria-rowcount={vouchers.length + 1}
      className="voucher-table"
    >
      <div role="rowgroup" className="voucher-head">
        <div role="row" aria-rowindex={1} className={`voucher-row ${selection ? 'chooses' : ''}`}>
          {selection && (
            <span role="columnheader">
              <input
                type="checkbox"
                aria-label={t('screens.list.chooseAll')}
                checked={allChosen}
                onChange={({ target }) => selection.choose(vouchers, target.checked)}
              />
            </span>
          )}
          {columns.map((column, index) => (
            <span role="columnheader" key={column} className={index === 3 || index === 4 ? 'number' : ''}>
              {column}
            </span>
          ))}
          <span role="columnheader" className="visually-hidden">
            {t('screens.list.actions')}
          </span>
        </div>
      </div>
      {error != null && (
        <div role="status" className="counts-away">
          {t('screens.list.countsAway')}
        </div>
      )}
      <div
        role="rowgroup"
        ref={body}
        className={faded ? 'voucher-body faded' : 'voucher-body'}
        style={{ height: virtual.getTotalSize() }}
      >
        {rows.map(({ index, key, start }) => (
          <div
            role="row"
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-rowindex={index + 2}
            className={`voucher-row ${selection ? 'chooses' : ''}`}
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <VoucherRow
              voucher={vouchers[index]!}
              counters={counters.get(vouchers[index]!.id)}
              attention={attention[vouchers[index]!.id]}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
