import type { Goods } from '@vouchers/contracts';

/** The goods that differ between two lists. A renamed one has another name for the same SKU. */
export interface GoodsDifference {
  added: Goods[];
  removed: Goods[];
  renamed: { sku: string; before: string; after: string }[];
}

export function goodsDifference(before: readonly Goods[], after: readonly Goods[]): GoodsDifference {
  const known = new Map(before.map((one) => [one.sku, one]));
  const kept = new Set(after.map(({ sku }) => sku));
  return {
    added: after.filter(({ sku }) => !known.has(sku)),
    removed: before.filter(({ sku }) => !kept.has(sku)),
    renamed: after.flatMap(({ sku, name = '' }) => {
      const old = known.get(sku);
      return old && (old.name ?? '') !== name ? [{ sku, before: old.name ?? '', after: name }] : [];
    }),
  };
}
