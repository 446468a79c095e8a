import { describe, expect, it } from '@jest/globals';
import { SPEC_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import { changesBetween, resolveClashes, mergeSpecs } from './changes.ts';

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

describe('the changes', () => {
  it('are none between copies', () => expect(changesBetween(base, structuredClone(base))).toEqual([]));

  it('are listed by field', () =>
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

  it('are one if a benefit becomes another, or if a list differs', () =>
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
  it('to different fields are merged', () => {
    const mine = changed((spec) => void (spec.quantities.claim = 5));
    const theirs = changed((spec) => void (spec.name = 'b'));
    const { merged, clashes, theirs: only } = mergeSpecs(base, mine, theirs);
    expect(clashes).toEqual([]);
    expect(merged).toEqual(changed((spec) => void ((spec.quantities.claim = 5), (spec.name = 'b'))));
    expect(only.map(({ pointer }) => pointer)).toEqual(['/name']);
  });

  it('to the same value do not clash', () => {
    const same = changed((spec) => void (spec.name = 'b'));
    expect(mergeSpecs(base, same, structuredClone(same))).toMatchObject({ clashes: [], merged: { name: 'b' } });
  });

  it('to one field clash: theirs stays until mine is chosen', () => {
    const mine = changed((spec) => void (spec.name = 'mine'));
    const theirs = changed((spec) => void ((spec.name = 'theirs'), (spec.description = 'new')));
    const merge = mergeSpecs(base, mine, theirs);
    expect(merge.clashes).toEqual([{ pointer: '/name', base: 'a', mine: 'mine', theirs: 'theirs' }]);
    expect(resolveClashes(merge, new Set())).toMatchObject({ name: 'theirs', description: 'new' });
    expect(resolveClashes(merge, new Set(['/name']))).toMatchObject({ name: 'mine', description: 'new' });
  });

  it('to a field and to a part of it are one clash, at the whole field', () => {
    const mine = changed((spec) => void (spec.benefit = { type: 'amount-off', amount: 9, currency: 'EUR' }));
    const theirs = changed((spec) => void (spec.benefit = { type: 'access', name: 'lounge' }));
    expect(mergeSpecs(base, mine, theirs).clashes.map(({ pointer }) => pointer)).toEqual(['/benefit']);
  });

  it('clash if one removes a field and the other changes it', () => {
    const labelled = changed((spec) => void (spec.labels = { campaign: '26' }));
    const mine = { ...labelled, labels: {} };
    const theirs = { ...labelled, labels: { campaign: '27' } };
    const merge = mergeSpecs(labelled, mine, theirs);
    expect(merge.clashes).toHaveLength(1);
    expect(resolveClashes(merge, new Set(['/labels/campaign'])).labels).toEqual({});
  });
});
