import type { Page } from '@vouchers/contracts';

/** What is edited of a page. */
export type PageDraft = Pick<Page, 'title' | 'voucherIds'>;

export const draftOf = ({ title, voucherIds }: Page): PageDraft => ({ title, voucherIds });

export const isSameDraft = (a: PageDraft, b: PageDraft): boolean =>
  a.title === b.title &&
  a.voucherIds.length === b.voucherIds.length &&
  a.voucherIds.every((id, i) => id === b.voucherIds[i]);

/** The voucher at `index` moved by `by` places; the same list where it cannot move. */
export function moved(ids: readonly string[], index: number, by: -1 | 1): string[] {
  const next = [...ids];
  const [one, other] = [next[index], next[index + by]];
  if (one === undefined || other === undefined) return next;
  next[index] = other;
  next[index + by] = one;
  return next;
}

/** Where both sides changed the same field since `base`: these must be asked about. */
export function clashesOf(base: PageDraft, mine: PageDraft, theirs: PageDraft): (keyof PageDraft)[] {
  const changed = (a: PageDraft, b: PageDraft, field: keyof PageDraft): boolean =>
    JSON.stringify(a[field]) !== JSON.stringify(b[field]);
  return (['title', 'voucherIds'] as const).filter(
    (field) => changed(base, mine, field) && changed(base, theirs, field) && changed(mine, theirs, field),
  );
}

/** Mine where I changed it, theirs elsewhere. */
export function mergedDraft(base: PageDraft, mine: PageDraft, theirs: PageDraft): PageDraft {
  const pick = <K extends keyof PageDraft>(field: K): PageDraft[K] =>
    JSON.stringify(base[field]) === JSON.stringify(mine[field]) ? theirs[field] : mine[field];
  return { title: pick('title'), voucherIds: pick('voucherIds') };
}
