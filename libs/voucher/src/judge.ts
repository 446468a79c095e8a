// Decisions as they would be: for pages, qualifications and dry runs, by the same rules as the ledger's.
import type { Definition, Facts, Node } from '@vouchers/contracts';
import type { Sizes } from './conditions/cost.ts';
import { evolve } from './evolve.ts';
import { enables, judgeTurning, terminates } from './nodes.ts';
import { ended } from './pool.ts';
import type { Judgement } from './rules.ts';
import { type ClaimRecord, dueAt, type VoucherState } from './state.ts';
import { judgeClaiming } from './submissions/claim.ts';
import { askedForUse, judgeUsing, type Use } from './submissions/redemption.ts';
import { termsOf, useTimesAt } from './terms.ts';
import { isOpen } from './window.ts';

export type { Judgement } from './rules.ts';
export type { Use } from './submissions/redemption.ts';

const MINUTE_MS = 60_000;

/** `claims`: all that the user ever had of this voucher but those released. */
export interface Asker {
  id: string;
  attributes: Facts;
  claims: number;
}

/** A voucher of this definition to which nothing has happened yet; its `intent` says what it is. */
export function newVoucher(definition: Definition): VoucherState {
  const { voucherId, version, spec } = definition;
  const at = termsOf(spec).valid.from;
  const event = {
    type: 'voucher.defined.v1',
    voucherId,
    voucherVersion: version,
    at,
    occurredAt: at,
    definition,
  } as const;
  return { ...evolve(undefined, event), time: 0 };
}

/** The last result: one page view asks three times for the same moment, and conditions may cost much. */
const foundLast = new WeakMap<VoucherState, { at: number; found: VoucherState }>();

/** The voucher as a submission at `at` would find it: its enable and terminate nodes judged, its time moved on. */
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

/** The most steps that judging this node takes, including everything judged before it. */
export function costOfJudging({ spec }: Pick<Definition, 'spec'>, node: Node, sizes: Sizes): number {
  const { conditions } = termsOf(spec);
  const before = node === 'claim' || node === 'use' ? [conditions.enable, conditions.terminate] : [];
  // The reason of a node that does not turn is evaluated again.
  const own = before.length > 0 ? [conditions[node]] : [conditions[node], conditions[node]];
  return [...before, ...own].reduce((cost, condition) => cost + condition.cost(sizes), 0);
}

/** The claim as a submission at `at` would find it: its lock run out, itself expired. */
export function claimAt(claim: ClaimRecord, at: number): ClaimRecord {
  const due = dueAt(claim);
  if (due === undefined || due > at) return claim;
  if (claim.useUntil <= at) return ended(claim, 'expired');
  const { lock: _, ...rest } = claim;
  return { ...rest, state: 'held' };
}

/** From when until when a claim granted at `at` could be used. */
export function useTimes({ spec }: Pick<Definition, 'spec'>, at: number): { useFrom: number; useUntil: number } {
  return useTimesAt(termsOf(spec), at);
}

/** Would this user get a claim at `at`? The nodes are judged first, as by `voucherAt`. */
export function judgeClaim(voucher: VoucherState, user: Asker, at: number, pageSlug?: string): Judgement {
  const found = voucherAt(voucher, at);
  const terms = termsOf(found.definition.spec);
  const { id: userId, attributes, claims } = user;
  return judgeClaiming({ voucher: found, terms, at: found.time, userId, attributes, claims, pageSlug });
}

/**
 * Until when `judgeClaim` and `phaseOf` say of this voucher what they say at `at`, to all who had as many claims of it.
 * Undefined where it depends on who asks from which page, or a condition names the time.
 */
export function sameForAllUntil(voucher: VoucherState, at: number): number | undefined {
  const { valid, claim, conditions } = termsOf(voucher.definition.spec);
  const { enable, terminate, claim: rule } = conditions;
  if (rule.namesAsker || [enable, terminate, rule].some(({ namesNow }) => namesNow)) return undefined;
  const time = Math.max(at, voucher.time);
  const turns = [valid.from, valid.to, claim.from, claim.to].filter((turn) => turn > time);
  // Hours begin and end at full minutes of the wall clock.
  if (claim.hours) turns.push((Math.floor(time / MINUTE_MS) + 1) * MINUTE_MS);
  return Math.min(Infinity, ...turns);
}

/** Could this claim be used so at `at`? What is due of the voucher and the claim by then happens first. */
export function judgeRedemption(voucher: VoucherState, claim: ClaimRecord, use: Use, at: number): Judgement {
  const found = voucherAt(voucher, at);
  const terms = termsOf(found.definition.spec);
  return judgeUsing(askedForUse({ voucher: found, terms, at: found.time }, claimAt(claim, found.time), use));
}

/** Would the node turn at `at`? Granted: yes. */
export function judgeNode(voucher: VoucherState, node: 'enable' | 'terminate', at: number): Judgement {
  return judgeTurning[node]({ voucher, terms: termsOf(voucher.definition.spec), at: Math.max(at, voucher.time) });
}

/**
 * Where a voucher's claiming stands by the clock and its enable node alone: `ended` past its valid or claim window;
 * `not-started` before either, not enabled, or outside hours.
 */
export function phaseOf(voucher: VoucherState, at: number): 'not-started' | 'open' | 'ended' {
  const found = voucherAt(voucher, at);
  const { valid, claim } = termsOf(found.definition.spec);
  if (found.time >= valid.to || found.time >= claim.to) return 'ended';
  return found.enabled && isOpen(valid, found.time) && isOpen(claim, found.time) ? 'open' : 'not-started';
}
