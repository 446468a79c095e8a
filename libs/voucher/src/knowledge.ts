// The knowledge that a decision needs besides the voucher. It is loaded before the decision is made.
import type { Submission } from '@vouchers/contracts';
import { liveClaims } from './counters.ts';
import type { Input } from './decision.ts';
import type { ClaimRecord, RedemptionRecord, VoucherState } from './state.ts';
import { judgingTime } from './clock.ts';

/** A user of a voucher. */
export interface UserRecord {
  readonly pushed: boolean;
  /** All claims that the user ever had, except released ones. */
  readonly claims: number;
}

/** Answers from memory. `undefined`: not known yet; `null`: known not to exist. */
export interface Knowledge {
  claim(claimId: string): ClaimRecord | null | undefined;
  redemption(redemptionId: string): RedemptionRecord | null | undefined;
  user(userId: string): UserRecord | undefined;
  /** Whether `user` has an answer. This may cost less than the answer. */
  knowsUser(userId: string): boolean;
  /**
   * Held and locked claims with something due by `time`, by due time then claim id: all of them, or the first SLICE.
   */
  due(time: number): readonly ClaimRecord[] | undefined;
  /** Held and locked claims by claim id: all of them, or the first SLICE. Asked only while `voucher.revoking`. */
  live(): readonly ClaimRecord[] | undefined;
}

/** One thing that must be known. `due` means the claims that fall due by this time (Unix ms). */
export type Need =
  | { what: 'claim'; id: string }
  | { what: 'redemption'; id: string }
  | { what: 'user'; id: string }
  | { what: 'due'; by: number }
  | { what: 'live' };

/**
 * The error of a decision that read something that `needsOf` did not name or that was not loaded. It is a bug.
 */
export class NotGiven extends Error {
  override readonly name = 'NotGiven';

  constructor(what: string) {
    super(`${what} was not known when it was decided`);
  }
}

/**
 * The things that must still be loaded before this input is decided. Needs follow from needs (a rollback needs its
 * claim, then the claim's user), so this is called until it returns none. It names everything that `decide` reads or
 * changes, perhaps more, but never more than a slice.
 */
export function needsOf(voucher: VoucherState | undefined, knowledge: Knowledge, input: Input): Need[] {
  const needs: Need[] = [];
  if (voucher === undefined) return needs;
  if (voucher.revoking && knowledge.live() === undefined) needs.push({ what: 'live' });
  if (liveClaims(voucher) > 0) {
    const by = judgingTime(voucher, input);
    if (knowledge.due(by) === undefined) needs.push({ what: 'due', by });
  }
  if (input.type === 'submission') addOfSubmission(needs, knowledge, input.value);
  return needs;
}

/** Adds the needs of a submission. */
function addOfSubmission(needs: Need[], knowledge: Knowledge, submission: Submission): void {
  if (submission.kind === 'push' || submission.kind === 'claim') return addUser(needs, knowledge, submission.userId);
  if (submission.kind === 'rollback' && knowledge.redemption(submission.redemptionId) === undefined)
    needs.push({ what: 'redemption', id: submission.redemptionId });
  const claim = knowledge.claim(submission.claimId);
  if (claim === undefined) needs.push({ what: 'claim', id: submission.claimId });
  // A released claim no longer counts for its user.
  else if (claim && (submission.kind === 'release' || submission.kind === 'rollback'))
    addUser(needs, knowledge, claim.userId);
}

function addUser(needs: Need[], knowledge: Knowledge, id: string): void {
  if (!knowledge.knowsUser(id)) needs.push({ what: 'user', id });
}
