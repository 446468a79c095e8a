// Adds to stored forms of earlier releases what later releases added. Every reader of a stored form uses these
// functions.
import type { VoucherSpec } from '@vouchers/contracts';
import { NO_COUNTS } from './counters.ts';
import type { VoucherState } from './state.ts';

type Recording = { record: readonly string[] };
/** A spec with all present fields. */
export type PresentSpec = VoucherSpec & { nodes: { claim: Recording; use: Recording } };

/** A stored spec with `record` filled in, which release 0.1.0 did not have. */
export function storedSpec(spec: VoucherSpec): PresentSpec {
  const { claim, use } = spec.nodes;
  const recording = { claim: { record: [], ...claim }, use: { record: [], ...use } };
  return { ...spec, nodes: { ...spec.nodes, ...recording } };
}

/** Stored counters in the present form. A missing counter is 0. */
export function storedCounts(counts: Partial<VoucherState['counters']>): VoucherState['counters'] {
  return { ...NO_COUNTS, ...counts };
}

/**
 * A stored state in the present form. Its definition stays as it was written, so that projections keep their bytes.
 * Decisions read it with `termsOf`.
 */
export function storedState(state: VoucherState): VoucherState {
  return { ...state, counters: storedCounts(state.counters) };
}
