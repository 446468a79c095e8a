import { expect, it } from '@jest/globals';
import { definitionOf } from '../testing/story.ts';
import { countersOf } from './counters.ts';
import { newVoucher } from './judge.ts';
import type { VoucherState } from './state.ts';
import { storedSpec, storedState } from './stored.ts';

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
