import { expect, it } from '@jest/globals';
import { definitionOf } from '../testing/story.ts';
import { countersOf } from './counters.ts';
import { newVoucher } from './judge.ts';
import type { VoucherState } from './state.ts';
import { countsToStore, storedCounts, storedSpec, storedState } from './stored.ts';

it('a stored state without a newer counter has 0 for it, and its units still add up', () => {
  const { offered: _, ...counters } = newVoucher(definitionOf({ quantities: { claim: 5 } })).counters;
  const state = newVoucher(definitionOf({ quantities: { claim: 5 } }));
  const read = storedState({ ...state, counters: { ...counters, held: 2 } as VoucherState['counters'] });
  expect(countersOf(read)).toMatchObject({ offered: 0, held: 2, free: 3 });
});

it('a spec of release 0.1.0 records no attributes, and the `record` lists of a newer spec are kept', () => {
  const { spec } = definitionOf();
  expect(storedSpec(spec).nodes).toMatchObject({ claim: { record: [] }, use: { record: [] } });
  const nodes = { ...spec.nodes, use: { ...spec.nodes.use, record: ['city'] } };
  expect(storedSpec({ ...spec, nodes }).nodes).toMatchObject({ claim: { record: [] }, use: { record: ['city'] } });
});

it('counters of waiting lists and extensions are stored once one of them counts', () => {
  const { counters } = newVoucher(definitionOf());
  const { waiting: _, joined: __, claimedFromOffer: ___, lapsed: ____, left: _____, ...others } = counters;
  const { extended: ______, discounted: _______, reserved: ________, ...before } = others;
  expect(countsToStore(counters)).toEqual(before);
  expect(storedCounts(countsToStore(counters))).toEqual(counters);
  for (const counted of [{ joined: 1, left: 1 }, { extended: 1 }])
    expect(storedCounts(countsToStore({ ...counters, ...counted }))).toEqual({ ...counters, ...counted });
});

it('discounts and reservations are stored while they count', () => {
  const { counters } = newVoucher(definitionOf());
  for (const counted of [{ discounted: { EUR: 5 } }, { reserved: { uses: 1, discount: {} } }]) {
    const stored = countsToStore({ ...counters, ...counted });
    expect(stored).toEqual({ ...countsToStore(counters), ...counted });
    expect(storedCounts(stored)).toEqual({ ...counters, ...counted });
  }
});
