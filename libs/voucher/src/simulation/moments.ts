// The moments at which the nodes of a spec are judged and offers are made although nothing was submitted.
import type { VoucherSpec } from '@vouchers/contracts';
import { termsOf } from '../terms.ts';

export interface Moments {
  /** The first moment after this time. Undefined if there is none. */
  after(at: number): number | undefined;
  /** Whether a node uses `now` other than in a comparison with a written time. Then its turns are approximate. */
  isApproximate: boolean;
}

/** When windows and hours open or end, and the times with which the conditions of the nodes compare `now`. */
export function momentsOf(spec: VoucherSpec): Moments {
  const { valid, claim, use, conditions } = termsOf(spec);
  const ranges = [valid, claim, ...('from' in use ? [use] : [])];
  const nodes = [conditions.enable.turns, conditions.terminate.turns];
  const fixed = [...ranges.flatMap(({ from, to }) => [from, to]), ...nodes.flatMap(({ moments }) => moments)];
  const sorted = [...new Set(fixed)].sort((a, b) => a - b);
  return {
    after(at) {
      const next = sorted.find((moment) => moment > at);
      // Outside the claim window its hours let nothing happen.
      const from = Math.max(at, claim.from);
      const hours = from < claim.to ? claim.hours?.changesAfter(from) : undefined;
      return next === undefined || (hours !== undefined && hours < next) ? hours : next;
    },
    isApproximate: nodes.some(({ isPeriodic }) => isPeriodic),
  };
}
