import type { VoucherState } from './state.ts';
import { termsOf } from './terms.ts';

/**
 * The next moment at which time alone may turn a node of this voucher, or undefined. Dues of its claims are not in it.
 * @param judgedAt until when ticks have judged it in vain since its last event; absent: it is still to be judged.
 */
export function nextWake(voucher: VoucherState, judgedAt = -Infinity): number | undefined {
  const { definition, status, enabled, time } = voucher;
  if (definition.spec.clock === 'submissions' || status === 'draft' || status === 'terminated') return undefined;
  const { valid, conditions } = termsOf(definition.spec);
  const since = Math.max(time, judgedAt);
  if (conditions.terminate.namesNow) return since;
  if (enabled || status !== 'published' || since >= valid.to) return undefined;
  if (since < valid.from) return valid.from;
  return judgedAt < valid.from || judgedAt < time || conditions.enable.namesNow ? since : undefined;
}
