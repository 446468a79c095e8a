// What an earlier release wrote, with what later ones added to it: whoever reads a stored form passes here.
import type { VoucherSpec } from '@vouchers/contracts';
import { NO_COUNTS } from './counters.ts';
import type { VoucherState } from './state.ts';

type Recording = { record: readonly string[] };
/** With all that a spec has by now. */
export type PresentSpec = VoucherSpec & { nodes: { claim: Recording; use: Recording } };

/** A stored spec with what it leaves out: `record`, which release 0.1.0 did not know. */
export function storedSpec(spec: VoucherSpec): PresentSpec {
  const { claim, use } = spec.nodes;
  const recording = { claim: { record: [], ...claim }, use: { record: [], ...use } };
  return { ...spec, nodes: { ...spec.nodes, ...recording } };
}

/** Stored counts as counts are now: a counter that is missing counted nothing. */
export function storedCounts(counts: Partial<VoucherState['counters']>): VoucherState['counters'] {
  return { ...NO_COUNTS, ...counts };
}

/**
 * A stored state as states are now. Its definition stays as it was written, so that projections keep their bytes:
 * what decides by it reads it by `termsOf`.
 */
export function storedState(state: VoucherState): VoucherState {
  return { ...state, counters: storedCounts(state.counters) };
}
