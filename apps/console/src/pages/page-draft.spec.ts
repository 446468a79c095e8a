import { describe, expect, it } from '@jest/globals';
import { clashesOf, isSameDraft, mergedDraft, moved, type PageDraft } from './page-draft.ts';

const BASE: PageDraft = { title: 'Spring', voucherIds: ['a', 'b'] };

it.each([
  [0, 1, ['b', 'a', 'c']],
  [2, -1, ['a', 'c', 'b']],
  [0, -1, ['a', 'b', 'c']],
  [2, 1, ['a', 'b', 'c']],
] as const)('the voucher at %d moved by %d', (index, by, expected) => {
  expect(moved(['a', 'b', 'c'], index, by)).toEqual(expected);
});

it('two drafts are the same if their titles and the order of their vouchers are', () => {
  expect(isSameDraft(BASE, { ...BASE })).toBe(true);
  expect(isSameDraft(BASE, { ...BASE, voucherIds: ['b', 'a'] })).toBe(false);
  expect(isSameDraft(BASE, { ...BASE, voucherIds: ['a'] })).toBe(false);
  expect(isSameDraft(BASE, { ...BASE, title: 'x' })).toBe(false);
});

describe('two people who change a page at the same time', () => {
  const mine = { ...BASE, title: 'Mine' };
  it('do not clash if they change different fields', () => {
    const theirs = { ...BASE, voucherIds: ['a', 'b', 'c'] };
    expect(clashesOf(BASE, mine, theirs)).toEqual([]);
    expect(mergedDraft(BASE, mine, theirs)).toEqual({ title: 'Mine', voucherIds: ['a', 'b', 'c'] });
  });

  it('clash if they change the same field to different values', () => {
    expect(clashesOf(BASE, mine, { ...BASE, title: 'Theirs' })).toEqual(['title']);
    expect(clashesOf(BASE, mine, { ...mine })).toEqual([]);
  });
});
