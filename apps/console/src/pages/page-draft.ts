import type { Page } from '@vouchers/contracts';

/** The part of a page that can be edited. */
export type PageDraft = Pick<Page, 'title' | 'voucherIds'>;

export const draftOf = ({ title, voucherIds }: Page): PageDraft => ({ title, voucherIds });

export const isSameDraft = (a: PageDraft, b: PageDraft): boolean =>
  a.title === b.title &&
  a.voucherIds.length === b.voucherIds.length &&
  a.voucherIds.every((id, i) => id === b.voucherIds[i]);

/** Moves the voucher at `index` by `by` places. The list stays unchanged if that is not possible. */
export function moved(ids: readonly string[], index: number, by: -1 | 1): string[] {
  const next = [...ids];
  const [one, other] = [next[index], next[index + by]];
  if (one === undefined || other === undefined) return next;
  next[index] = other;
  next[index + by] = one;
  return next;
}

/** The fields that both sides changed since `base`. The user must decide about them. */
export function clashesOf(base: PageDraft, mine: PageDraft, theirs: PageDraft): (keyof PageDraft)[] {
  const changed = (a: PageDraft, b: PageDraft, field: keyof PageDraft): boolean =>
    JSON.stringify(a[field]) !== JSON.stringify(b[field]);
  return (['title', 'voucherIds'] as const).filter(
    (field) => changed(base, mine, field) && changed(base, theirs, field) && changed(mine, theirs, field),
  );
}

/** Takes my value of each field that I changed, and theirs of all others. */
export function mergedDraft(base: PageDraft, mine: PageDraft, theirs: PageDraft): PageDraft {
  const pick = <K extends keyof PageDraft>(field: K): PageDraft[K] =>
    JSON.stringify(base[field]) === JSON.stringify(mine[field]) ? theirs[field] : mine[field];
  return { title: pick('title'), voucherIds: pick('voucherIds') };
}
