// The knowledge that a decision needs besides the voucher. It is loaded before the decision is made.
import type { Submission } from '@vouchers/contracts';
import { freeUnits, hasOffersToWithdraw, liveClaims, liveEntries } from './counters.ts';
import { SLICE } from './decision.ts';
import type { Input } from './decision.ts';
import { type ClaimRecord, type EntryRecord, isAhead, type RedemptionRecord, type VoucherState } from './state.ts';
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
  /** Held and locked claims that are not reserved, by id: all, or the first SLICE. Asked only while `voucher.revoking`. */
  live(): readonly ClaimRecord[] | undefined;
  /** The user's entry that waits or is offered a unit. Asked only while the voucher has such entries. */
  entryOf(userId: string): EntryRecord | null | undefined;
  /** Waiting entries by rank, highest first, then by number: all of them, or at least the first `count`. */
  waiting(count: number): readonly EntryRecord[] | undefined;
  /** Entries with an offer until `time` or earlier, by its end, then entry id: all of them, or the first SLICE. */
  dueOffers(time: number): readonly EntryRecord[] | undefined;
  /** Entries with an offer by entry id: all of them, or the first SLICE. Asked only while offers are withdrawn. */
  offered(): readonly EntryRecord[] | undefined;
  /** How many are taken off the list. Asked only where they and their event do not fit a slice. */
  takenOff(asked: TakenOff): number | undefined;
}

/** A question: how many who wait are taken off the list, one after the other, before one is offered a unit. */
export interface TakenOff {
  /** The last that was taken off. Those behind it are asked for. */
  readonly after: EntryRecord;
  /** Users with this many claims are taken off. */
  readonly perUser: number;
  /** A user who has fewer claims after the present decision. */
  readonly spared: string | undefined;
}

/** The answer if `line`, in order, is all who wait. `claimsOf`: the claims that count for `perUser`. */
export function takenOffOf(
  line: readonly EntryRecord[],
  { after, perUser, spared }: TakenOff,
  claimsOf: (userId: string) => number,
): number {
  const behind = line.filter((entry) => isAhead(after, entry));
  const next = behind.findIndex(({ userId }) => userId === spared || claimsOf(userId) < perUser);
  return next === -1 ? behind.length : next;
}

/** One thing that must be known. `due` means the claims that fall due by this time (Unix ms). */
export type Need =
  | { what: 'claim'; id: string }
  | { what: 'redemption'; id: string }
  | { what: 'user'; id: string }
  | { what: 'due'; by: number }
  | { what: 'live' }
  | { what: 'entry'; userId: string }
  | { what: 'waiting'; count: number }
  | { what: 'due offers'; by: number }
  | { what: 'offered' }
  | ({ what: 'taken off' } & TakenOff);

/**
 * The error of a decision that read something that `needsOf` did not name or that was not loaded. It is a bug.
 */
export class NotGiven extends Error {
  override readonly name = 'NotGiven';

  /** The thing to load. Absent if `needsOf` names it without deciding. */
  readonly need: Need | undefined;

  constructor(what: string, need?: Need) {
    super(`${what} was not known when it was decided`);
    this.need = need;
  }
}

/**
 * The things that must still be loaded before this input is decided. Needs follow from needs (a rollback needs its
 * claim, then the claim's user), so this is called until it returns none. It names everything that `decide` reads or
 * changes, perhaps more, but never more than a slice. While a voucher has a waiting list, `allNeedsOf` says the rest.
 */
export function needsOf(voucher: VoucherState | undefined, knowledge: Knowledge, input: Input): Need[] {
  const needs: Need[] = [];
  if (voucher === undefined) return needs;
  if (voucher.revoking && knowledge.live() === undefined) needs.push({ what: 'live' });
  if (liveClaims(voucher) > 0) {
    const by = judgingTime(voucher, input);
    if (knowledge.due(by) === undefined) needs.push({ what: 'due', by });
  }
  if (liveEntries(voucher) > 0) addOfEntries(needs, voucher, knowledge, input);
  if (input.type === 'submission') addOfSubmission(needs, knowledge, input.value);
  return needs;
}

/**
 * Adds the needs of a voucher with a waiting list, those that are likely for the offers at once. Which users are asked
 * for depends on each offer before, so `decide` may need more: see `allNeedsOf`.
 */
function addOfEntries(needs: Need[], voucher: VoucherState, knowledge: Knowledge, input: Input): void {
  const by = judgingTime(voucher, input);
  const { waiting, offered } = voucher.counters;
  if (hasOffersToWithdraw(voucher) && knowledge.offered() === undefined) needs.push({ what: 'offered' });
  if (offered > 0 && knowledge.dueOffers(by) === undefined) needs.push({ what: 'due offers', by });
  if (input.type === 'submission') addEntry(needs, knowledge, input.value);
  if (waiting === 0 || needs.length > 0) return;
  const due =
    (liveClaims(voucher) > 0 ? knowledge.due(by)!.length : 0) + (offered > 0 ? knowledge.dueOffers(by)!.length : 0);
  const count = Math.min(waiting, SLICE, (freeUnits(voucher) ?? 0) + due + unitsAddedBy(voucher, input) + 1);
  const next = knowledge.waiting(count);
  if (next === undefined) needs.push({ what: 'waiting', count });
  for (const { userId } of next?.slice(0, count) ?? []) addUser(needs, knowledge, userId);
}

/** The units that a definition adds to the pool. */
function unitsAddedBy(voucher: VoucherState, input: Input): number {
  if (input.type !== 'definition') return 0;
  const { claim } = input.value.spec.quantities;
  return Math.max(0, (claim ?? 0) - (voucher.definition.spec.quantities.claim ?? 0));
}

function addEntry(needs: Need[], knowledge: Knowledge, submission: Submission): void {
  if (submission.kind !== 'claim' && submission.kind !== 'join' && submission.kind !== 'leave') return;
  const { userId } = submission;
  if (knowledge.entryOf(userId) === undefined) needs.push({ what: 'entry', userId });
}

/** Adds the needs of a submission. */
function addOfSubmission(needs: Need[], knowledge: Knowledge, submission: Submission): void {
  if (submission.kind === 'leave') return;
  if (submission.kind === 'push' || submission.kind === 'claim' || submission.kind === 'join')
    return addUser(needs, knowledge, submission.userId);
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
