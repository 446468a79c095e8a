// The rules that a voucher's life sets to pushes and claims.
import type { VoucherState } from './state.ts';
import type { Rule } from './rules.ts';
import type { Terms } from './terms.ts';
import { isOpen, opening } from './window.ts';

export interface AskedOfVoucher {
  voucher: VoucherState;
  terms: Terms;
  at: number;
}

const notPublished: Rule<AskedOfVoucher> = {
  check: 'not-published',
  holds: ({ voucher }) => voucher.status !== 'draft',
};
const terminated: Rule<AskedOfVoucher> = {
  check: 'terminated',
  holds: ({ voucher }) => voucher.status !== 'terminated',
};
const paused: Rule<AskedOfVoucher> = { check: 'paused', holds: ({ voucher }) => voucher.status !== 'paused' };
const outsideValidWindow: Rule<AskedOfVoucher> = {
  check: 'outside-valid-window',
  holds: ({ terms, at }) => isOpen(terms.valid, at),
  why: ({ terms, at }) => opening(terms.valid, at),
};
const notEnabled: Rule<AskedOfVoucher> = {
  check: 'not-enabled',
  holds: ({ voucher }) => voucher.enabled,
  why: ({ voucher, terms, at }) => terms.conditions.enable.why({ voucher, at }),
};

/** May the enable node turn, if its condition holds? */
export const MAY_BE_ENABLED = [notPublished, terminated, paused, outsideValidWindow];
/** May anything be pushed or claimed at all? */
export const MAY_BE_GIVEN = [...MAY_BE_ENABLED, notEnabled];
