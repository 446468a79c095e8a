// Predicts decisions by the ledger's own rules, for pages, qualifications and dry runs.
import type { Definition, Facts, Node } from '@vouchers/contracts';
import type { Sizes } from './conditions/cost.ts';
import { evolve, firstEvent } from './evolve.ts';
import { enables, judgeTurning, terminates } from './nodes.ts';
import { ended } from './pool.ts';
import type { Judgement } from './rules.ts';
import { type ClaimRecord, dueAt, type EntryRecord, type VoucherState } from './state.ts';
import { offerUntil } from './offers.ts';
import { type GrantContext, judgeClaiming } from './submissions/claim.ts';
import { judgeExtending } from './submissions/extension.ts';
import { judgeJoining, judgeJoiningAlone } from './submissions/join.ts';
import {
  isJudgedPriced,
  judgePriced,
  judgeUsing,
  redemptionContext,
  type RedemptionContext,
  type Use,
} from './submissions/redemption.ts';
import { unreserved } from './reservation.ts';
import { termsOf, useTimesAt } from './terms.ts';
import { isOpen } from './window.ts';

export type { Judgement } from './rules.ts';
export type { Use } from './submissions/redemption.ts';

const MINUTE_MS = 60_000;

/** A user who might claim. `claims` counts all claims of this voucher that the user ever had, except released ones. */
export interface Asker {
  id: string;
  attributes: Facts;
  claims: number;
  /** The user's entry that waits or is offered a unit. */
  entry?: EntryRecord;
}

/** The state of a voucher right after its first definition. Its status is the definition's `intent`. */
export function newVoucher(definition: Definition): VoucherState {
  return { ...evolve(undefined, firstEvent(definition, termsOf(definition.spec).valid.from)), time: 0 };
}

/** The last result. One page view asks three times for the same moment, and conditions may be expensive. */
const foundLast = new WeakMap<VoucherState, { at: number; found: VoucherState }>();

/** The voucher as a submission at `at` would find it: with its nodes judged and its time moved on. */
export function voucherAt(voucher: VoucherState, at: number): VoucherState {
  const time = Math.max(at, voucher.time);
  const known = foundLast.get(voucher);
  if (known?.at === time) return known.found;
  let found = { ...voucher, time };
  if (enables(found, time)) found = { ...found, enabled: true };
  if (terminates(found, time)) found = { ...found, status: 'terminated' };
  foundLast.set(voucher, { at: time, found });
  foundLast.set(found, { at: time, found });
  return found;
}

/** The most steps that judging this node takes, including the nodes that are judged before it. */
export function costOfJudging({ spec }: Pick<Definition, 'spec'>, node: Node | 'join', sizes: Sizes): number {
  const { conditions, waitingList } = termsOf(spec);
  if (node === 'join') return costOfJudging({ spec }, 'claim', sizes) + (waitingList?.rank.cost(sizes) ?? 0);
  const before = node === 'claim' || node === 'use' ? [conditions.enable, conditions.terminate] : [];
  // If the node's condition does not hold, it is evaluated again for the reason.
  const own = before.length > 0 ? [conditions[node]] : [conditions[node], conditions[node]];
  return [...before, ...own].reduce((cost, condition) => cost + condition.cost(sizes), 0);
}

/** The claim as a submission at `at` would find it: unlocked or expired if that is due. */
export function claimAt(claim: ClaimRecord, at: number): ClaimRecord {
  const due = dueAt(claim);
  if (due === undefined || due > at) return claim;
  const isReserved = claim.lock?.reservation !== undefined;
  if (isReserved && claim.lock!.until > at) return claim;
  if (claim.useUntil <= at) return ended(claim, 'expired');
  if (claim.lock === undefined || claim.lock.until > at) return claim;
  return claimAt(unreserved(claim, at), at);
}

/** The time in which a claim granted at `at` could be used. */
export function useTimes({ spec }: Pick<Definition, 'spec'>, at: number): { useFrom: number; useUntil: number } {
  return useTimesAt(termsOf(spec), at);
}

/** Predicts a claim of this user at `at`. The nodes are judged first, as in `voucherAt`. */
export function judgeClaim(voucher: VoucherState, user: Asker, at: number, pageSlug?: string): Judgement {
  return judgeClaiming(contextOf(voucher, user, at, pageSlug));
}

/** Predicts a joining of this user at `at`. */
export function judgeJoin(voucher: VoucherState, user: Asker, at: number, pageSlug?: string): Judgement {
  return judgeJoining(contextOf(voucher, user, at, pageSlug));
}

/** Predicts a joining of this user at `at`, without what depends on other users and entries, and its rank. */
export function judgeJoinAlone(
  voucher: VoucherState,
  user: Asker,
  at: number,
): Judgement & { rank?: number; rankFault?: string } {
  const found = voucherAt(voucher, at);
  const terms = termsOf(found.definition.spec);
  const occasion = { voucher: found, at: found.time, userId: user.id, attributes: user.attributes };
  const judgement = judgeJoiningAlone({ ...occasion, terms, claims: user.claims });
  const ranked = terms.waitingList?.rank.of(occasion);
  return { ...judgement, ...(ranked && { rank: ranked.rank }), ...(ranked?.fault && { rankFault: ranked.fault }) };
}

/** The facts by which a claim or a joining of this user is judged. */
function contextOf(voucher: VoucherState, user: Asker, at: number, pageSlug?: string): GrantContext {
  const found = voucherAt(voucher, at);
  const terms = termsOf(found.definition.spec);
  const { id: userId, attributes, claims } = user;
  const entry = user.entry && entryAt(user.entry, found.time);
  return { voucher: found, terms, at: found.time, userId, attributes, claims, entry, pageSlug };
}

/** The entry as a submission at `at` would find it. Undefined if its offer has lapsed. */
function entryAt(entry: EntryRecord, at: number): EntryRecord | undefined {
  return entry.state === 'offered' && entry.offer!.until <= at ? undefined : entry;
}

/** Whether those who wait can no longer be offered a unit: past the claim range, or of a terminated voucher. */
export function isListClosed({ status, time, definition }: VoucherState, now: number): boolean {
  const { claim } = termsOf(definition.spec);
  return status === 'terminated' || (definition.spec.clock === 'submissions' ? time : now) >= claim.to;
}

/**
 * Predicts whether an extension of this claim would be granted at `at`. The predicted line has all who wait but its
 * user, so one who may claim no more counts as well.
 */
export function isExtensible(voucher: VoucherState, claim: ClaimRecord, at: number, waitsToo: boolean): boolean {
  const found = voucherAt(voucher, at);
  const terms = termsOf(found.definition.spec);
  const othersWait = (): boolean =>
    found.counters.waiting > Number(waitsToo) && offerUntil(found, found.time, found.time) !== undefined;
  const context = { voucher: found, terms, at: found.time, claim: claimAt(claim, found.time), othersWait };
  return judgeExtending(context).verdict === 'granted';
}

/**
 * The time until which `judgeClaim` and `phaseOf` give the same answer as at `at`, for all users with the same number
 * of claims. Undefined if the answer depends on the user or the page, or if a condition names the time.
 */
export function sameForAllUntil(voucher: VoucherState, at: number): number | undefined {
  const { valid, claim, conditions } = termsOf(voucher.definition.spec);
  const { enable, terminate, claim: rule } = conditions;
  if (rule.namesAsker || [enable, terminate, rule].some(({ namesNow }) => namesNow)) return undefined;
  const time = Math.max(at, voucher.time);
  const turns = [valid.from, valid.to, claim.from, claim.to].filter((turn) => turn > time);
  // Hours begin and end at full minutes.
  if (claim.hours) turns.push((Math.floor(time / MINUTE_MS) + 1) * MINUTE_MS);
  return Math.min(Infinity, ...turns);
}

/** A call that has reserved nothing yet. */
const ANY_CALL = 'any';

/**
 * Predicts a redemption at `at`, of an order call if the voucher asks for one. Changes of voucher and claim that are due
 * by then happen first.
 */
export function judgeRedemption(voucher: VoucherState, claim: ClaimRecord, use: Use, at: number): Judgement {
  const orderCall = voucher.definition.spec.combine ? ANY_CALL : use.orderCall;
  const context = contextAt(voucher, claim, { ...use, orderCall }, at);
  return isJudgedPriced(context.voucher, { ...use, orderCall }) ? judgePriced(context) : judgeUsing(context);
}

/** Predicts the redemption of an order call as the ledger judges it. @param discount in the order's minor unit */
export function judgePricedUse(
  voucher: VoucherState,
  claim: ClaimRecord,
  { discount: amount, ...use }: Omit<Use, 'discount'> & { discount: number },
  at: number,
): Judgement {
  const discount = { amount, currency: use.order.currency };
  return judgePriced(contextAt(voucher, claim, { orderCall: ANY_CALL, ...use, discount }, at));
}

function contextAt(voucher: VoucherState, claim: ClaimRecord, use: Use, at: number): RedemptionContext {
  const found = voucherAt(voucher, at);
  const terms = termsOf(found.definition.spec);
  return redemptionContext({ voucher: found, terms, at: found.time }, claimAt(claim, found.time), use);
}

/** The order amounts at which the use condition may begin to hold, as its comparisons with constants say; ascending. */
export const turningAmounts = ({ spec }: Pick<Definition, 'spec'>): readonly number[] =>
  termsOf(spec).conditions.use.turningAmounts;

/** Predicts whether the node turns at `at`. `granted` means that it does. */
export function judgeNode(voucher: VoucherState, node: 'enable' | 'terminate', at: number): Judgement {
  return judgeTurning[node]({ voucher, terms: termsOf(voucher.definition.spec), at: Math.max(at, voucher.time) });
}

/**
 * Whether the voucher can be claimed, by time and enable node alone. `ended`: after the valid or claim window.
 * `not-started`: before one of them, outside the hours, or not enabled.
 */
export function phaseOf(voucher: VoucherState, at: number): 'not-started' | 'open' | 'ended' {
  const found = voucherAt(voucher, at);
  const { valid, claim } = termsOf(found.definition.spec);
  if (found.time >= valid.to || found.time >= claim.to) return 'ended';
  return found.enabled && isOpen(valid, found.time) && isOpen(claim, found.time) ? 'open' : 'not-started';
}
