// The rules for pushes and claims that depend on the voucher's status and valid window.
import type { VoucherState } from './state.ts';
import type { Rule } from './rules.ts';
import type { Terms } from './terms.ts';
import { isOpen, opening } from './window.ts';

export interface VoucherContext {
  voucher: VoucherState;
  terms: Terms;
  at: number;
}

const notPublished: Rule<VoucherContext> = {
  check: 'not-published',
  holds: ({ voucher }) => voucher.status !== 'draft',
};
const terminated: Rule<VoucherContext> = {
  check: 'terminated',
  holds: ({ voucher }) => voucher.status !== 'terminated',
};
const paused: Rule<VoucherContext> = { check: 'paused', holds: ({ voucher }) => voucher.status !== 'paused' };
const outsideValidWindow: Rule<VoucherContext> = {
  check: 'outside-valid-window',
  holds: ({ terms, at }) => isOpen(terms.valid, at),
  why: ({ terms, at }) => opening(terms.valid, at),
};
const notEnabled: Rule<VoucherContext> = {
  check: 'not-enabled',
  holds: ({ voucher }) => voucher.enabled,
  why: ({ voucher, terms, at }) => terms.conditions.enable.why({ voucher, at }),
};

/** The rules for the enable node, except its condition. */
export const MAY_BE_ENABLED = [notPublished, terminated, paused, outsideValidWindow];
/** The rules that every push and claim must pass. */
export const MAY_BE_GIVEN = [...MAY_BE_ENABLED, notEnabled];
