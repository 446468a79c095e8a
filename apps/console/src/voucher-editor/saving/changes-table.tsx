// A table of changes by field. Times are in the voucher's zone, and CEL stands side by side.
import type { Goods, Hours, VoucherSpec } from '@vouchers/contracts';
import type { ReactNode } from 'react';
import { GoodsChanges } from '../../parts/goods-changes.tsx';
import { formatMoment } from '../../parts/moment.ts';
import type { Change } from '../draft/changes.ts';
import { fieldName } from '../draft/field-names.ts';
import { useWords, type Words } from '../editor-words.ts';

/** A value of the spec as text for people. */
export function valueShown(pointer: string, value: unknown, { windows }: VoucherSpec, words: Words): ReactNode {
  if (value === undefined || value === '') return <span className="muted">{words('review.notSet')}</span>;
  if (value === null) return words('quantity.unlimited');
  if (pointer === '/goods') return words('goods.count', { count: (value as Goods[]).length });
  if (/\/(when|rank)$/.test(pointer)) return <code className="review-cel">{String(value)}</code>;
  if (pointer.endsWith('/hours'))
    return (value as Hours[]).map(({ days, from, to }, index) => (
      <div key={index}>
        {days.map((day) => words(`window.days.${day}`)).join(' ')} {from}–{to}
      </div>
    ));
  if (/^\/windows\/\w+\/(from|to)$/.test(pointer)) return formatMoment(String(value), 'second', windows.timeZone);
  if (typeof value === 'object') return <code className="review-cel">{JSON.stringify(value, null, 1)}</code>;
  return <span dir="auto">{String(value)}</span>;
}

export function ChangesTable({ changes, spec }: { changes: readonly Change[]; spec: VoucherSpec }) {
  const words = useWords();
  return (
    <div className="scrolls">
      <table className="plain review-table">
        <thead>
          <tr>
            <th scope="col">{words('review.field')}</th>
            <th scope="col">{words('review.before')}</th>
            <th scope="col">{words('review.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ pointer, before, after }) => (
            <tr key={pointer}>
              <th scope="row">{fieldName(pointer, words)}</th>
              {pointer === '/goods' ? (
                <td colSpan={2}>
                  <GoodsChanges before={(before ?? []) as Goods[]} after={(after ?? []) as Goods[]} />
                </td>
              ) : (
                <>
                  <td>{valueShown(pointer, before, spec, words)}</td>
                  <td>{valueShown(pointer, after, spec, words)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
