// The enable and terminate nodes. They are judged at every decision.
import { judgeBy, type Rule } from './rules.ts';
import { type VoucherContext, MAY_BE_ENABLED } from './life.ts';
import type { Proceedings } from './proceedings.ts';
import type { VoucherState } from './state.ts';
import { termsOf } from './terms.ts';
import { isOpen } from './window.ts';

/** Whether the enable node turns now. */
export function enables(voucher: VoucherState, at: number): boolean {
  if (voucher.enabled || voucher.status !== 'published') return false;
  const { valid, conditions } = termsOf(voucher.definition.spec);
  return isOpen(valid, at) && conditions.enable.holds({ voucher, at });
}

/** Whether the terminate node turns now. */
export function terminates(voucher: VoucherState, at: number): boolean {
  if (voucher.status !== 'published' && voucher.status !== 'paused') return false;
  return termsOf(voucher.definition.spec).conditions.terminate.holds({ voucher, at });
}

export function judgeEnableNode(proceedings: Proceedings): void {
  if (enables(proceedings.voucher, proceedings.at)) proceedings.record({ type: 'voucher.enabled.v1' });
}

export function judgeTerminateNode(proceedings: Proceedings): void {
  if (terminates(proceedings.voucher, proceedings.at)) proceedings.record({ type: 'voucher.terminated.v1' });
}

const turns = (node: 'enable' | 'terminate', check: 'not-enabled' | 'terminated'): Rule<VoucherContext> => ({
  check,
  holds: ({ voucher, terms, at }) => terms.conditions[node].holds({ voucher, at }),
  why: ({ voucher, terms, at }) => terms.conditions[node].why({ voucher, at }),
});

/** Predicts whether a node turns, with a reason if it does not. */
export const judgeTurning = {
  enable: judgeBy([...MAY_BE_ENABLED, turns('enable', 'not-enabled')]),
  terminate: judgeBy([...MAY_BE_ENABLED.slice(0, 2), turns('terminate', 'terminated')]),
};
