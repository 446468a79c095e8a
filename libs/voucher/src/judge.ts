import type { Check, Definition, Facts, Order, Reason } from '@vouchers/contracts';
import type { ClaimRecord, VoucherState } from './state.ts';

/** A decision as it would be. */
export interface Judgement {
  verdict: 'granted' | 'refused';
  reason?: Reason;
  checks: Check[];
}

/** `claims`: all that the user ever had of this voucher but those released. */
export interface Asker {
  id: string;
  attributes: Facts;
  claims: number;
}

/** What a redemption brings to be judged. Without `attributes` the facts kept at the claim count. */
export interface Use {
  order: Order;
  attributes?: Facts;
  matchesGoods?: boolean;
  goodsVersion?: number;
}

/** A voucher of this definition to which nothing has happened yet; `intent` as it is there. */
export function newVoucher(_definition: Definition): VoucherState {
  throw new Error('to be written');
}

/** The voucher as a submission at `at` would find it: its enable and terminate nodes judged, its time moved. */
export function voucherAt(_voucher: VoucherState, _at: number): VoucherState {
  throw new Error('to be written');
}

/** The claim as a submission at `at` would find it: its lock run out, itself expired. */
export function claimAt(_claim: ClaimRecord, _at: number): ClaimRecord {
  throw new Error('to be written');
}

/** From when until when a claim granted at `at` could be used. */
export function useTimes(_definition: Pick<Definition, 'spec'>, _at: number): { useFrom: number; useUntil: number } {
  throw new Error('to be written');
}

/** Would this user get a claim at `at`? Nodes are judged first, as by `voucherAt`. */
export function judgeClaim(_voucher: VoucherState, _user: Asker, _at: number, _pageSlug?: string): Judgement {
  throw new Error('to be written');
}

/** Could this claim be used so at `at`? */
export function judgeRedemption(_voucher: VoucherState, _claim: ClaimRecord, _use: Use, _at: number): Judgement {
  throw new Error('to be written');
}

/** Would the node turn at `at`? Granted: yes. */
export function judgeNode(_voucher: VoucherState, _node: 'enable' | 'terminate', _at: number): Judgement {
  throw new Error('to be written');
}

/** Where a voucher's claiming stands by the clock alone: `ended` past valid or claim window; `not-started` before either, not enabled, or outside hours. */
export function phaseOf(_voucher: VoucherState, _at: number): 'not-started' | 'open' | 'ended' {
  throw new Error('to be written');
}
