import { describe, expect, it } from '@jest/globals';
import { SPEC_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import { changesBetween, decided, mergeSpecs } from './changes.ts';

const range = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const base = {
  ...structuredClone(SPEC_DEFAULTS),
  name: 'a',
  resourceType: 'coupon',
  benefit: { type: 'amount-off', amount: 2000, currency: 'CNY' },
  windows: { timeZone: 'Asia/Shanghai', valid: range, claim: range, use: range },
  goods: [{ sku: 'x' }],
} as unknown as VoucherSpec;
const changed = (change: (spec: VoucherSpec) => void): VoucherSpec => {
  const spec = structuredClone(base);
  change(spec);
  return spec;
};

describe('what differs', () => {
  it('is nothing in a copy', () => expect(changesBetween(base, structuredClone(base))).toEqual([]));

  it('is told by field', () =>
    expect(
      changesBetween(
        base,
        changed((spec) => {
          spec.quantities.claim = 5;
          spec.labels = { campaign: '26' };
        }),
      ),
    ).toEqual([
      { pointer: '/quantities/claim', before: null, after: 5 },
      { pointer: '/labels/campaign', before: undefined, after: '26' },
    ]));

  it('is one change where a benefit becomes another, and where a list differs', () =>
    expect(
      changesBetween(
        base,
        changed((spec) => {
          spec.benefit = { type: 'access', name: 'lounge' };
          spec.goods = [{ sku: 'x' }, { sku: 'y' }];
        }),
      ).map(({ pointer }) => pointer),
    ).toEqual(['/goods', '/benefit']));
});

describe('two people’s changes', () => {
  it('of different fields come together', () => {
    const mine = changed((spec) => void (spec.quantities.claim = 5));
    const theirs = changed((spec) => void (spec.name = 'b'));
    const { merged, clashes, theirs: only } = mergeSpecs(base, mine, theirs);
    expect(clashes).toEqual([]);
    expect(merged).toEqual(changed((spec) => void ((spec.quantities.claim = 5), (spec.name = 'b'))));
    expect(only.map(({ pointer }) => pointer)).toEqual(['/name']);
  });

  it('to the same are none', () => {
    const same = changed((spec) => void (spec.name = 'b'));
    expect(mergeSpecs(base, same, structuredClone(same))).toMatchObject({ clashes: [], merged: { name: 'b' } });
  });

  it('of one field clash: theirs stays until mine is chosen', () => {
    const mine = changed((spec) => void (spec.name = 'mine'));
    const theirs = changed((spec) => void ((spec.name = 'theirs'), (spec.description = 'new')));
    const merge = mergeSpecs(base, mine, theirs);
    expect(merge.clashes).toEqual([{ pointer: '/name', base: 'a', mine: 'mine', theirs: 'theirs' }]);
    expect(decided(merge, new Set())).toMatchObject({ name: 'theirs', description: 'new' });
    expect(decided(merge, new Set(['/name']))).toMatchObject({ name: 'mine', description: 'new' });
  });

  it('of a whole and of a part of it clash once, at the whole', () => {
    const mine = changed((spec) => void (spec.benefit = { type: 'amount-off', amount: 9, currency: 'EUR' }));
    const theirs = changed((spec) => void (spec.benefit = { type: 'access', name: 'lounge' }));
    expect(mergeSpecs(base, mine, theirs).clashes.map(({ pointer }) => pointer)).toEqual(['/benefit']);
  });

  it('of a field taken away here and changed there clash', () => {
    const labelled = changed((spec) => void (spec.labels = { campaign: '26' }));
    const mine = { ...labelled, labels: {} };
    const theirs = { ...labelled, labels: { campaign: '27' } };
    const merge = mergeSpecs(labelled, mine, theirs);
    expect(merge.clashes).toHaveLength(1);
    expect(decided(merge, new Set(['/labels/campaign'])).labels).toEqual({});
  });
});
