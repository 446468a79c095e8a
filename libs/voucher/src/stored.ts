// Adds fields of later releases to forms that earlier releases stored. Every reader of a stored form uses these
// functions.
import type { VoucherSpec } from '@vouchers/contracts';
import { NO_COUNTS } from './counters.ts';
import type { VoucherState } from './state.ts';

type Recording = { record: readonly string[] };
/** A spec with all fields of this release. */
export type PresentSpec = VoucherSpec & { nodes: { claim: Recording; use: Recording } };

/** A stored spec with `record` filled in, which release 0.1.0 did not have. */
export function storedSpec(spec: VoucherSpec): PresentSpec {
  const { claim, use } = spec.nodes;
  const recording = { claim: { record: [], ...claim }, use: { record: [], ...use } };
  return { ...spec, nodes: { ...spec.nodes, ...recording } };
}

/** Stored counters in the form of this release. A missing counter is 0. */
export function storedCounts(counts: Partial<VoucherState['counters']>): VoucherState['counters'] {
  return { ...NO_COUNTS, ...counts };
}

/**
 * Counters as they are stored. Those of waiting lists, extensions and money are left out while none of them counts, so
 * that the rows of other vouchers are what earlier releases wrote.
 */
export function countsToStore({
  discounted,
  reserved,
  ...counts
}: VoucherState['counters']): Partial<VoucherState['counters']> {
  return {
    ...(counts.joined > 0 || counts.extended > 0 ? counts : withoutPool(counts)),
    ...(Object.keys(discounted).length > 0 && { discounted }),
    ...(reserved.uses > 0 && { reserved }),
  };
}

function withoutPool({
  waiting: _,
  joined: __,
  claimedFromOffer: ___,
  lapsed: ____,
  left: _____,
  extended: ______,
  ...others
}: Omit<VoucherState['counters'], 'discounted' | 'reserved'>): Partial<VoucherState['counters']> {
  return others;
}

/**
 * A stored state in the form of this release. Its definition stays as it was written, so that projections keep their
 * bytes. Decisions read it with `termsOf`.
 */
export function storedState(state: VoucherState): VoucherState {
  return { ...state, counters: storedCounts(state.counters) };
}
