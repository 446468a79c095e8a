// What a decision knows beside the voucher, and what it needs to know: asked for before it is made.
import type { Submission } from '@vouchers/contracts';
import { liveClaims } from './counters.ts';
import type { Input } from './decision.ts';
import type { ClaimRecord, RedemptionRecord, VoucherState } from './state.ts';
import { timeOf } from './clock.ts';

/** What a voucher knows of one user. */
export interface UserRecord {
  readonly pushed: boolean;
  /** All claims that the user ever had but those released. */
  readonly claims: number;
}

/** Answers from memory, at once. `undefined`: not known yet; `null`: known not to exist. */
export interface Knowledge {
  claim(claimId: string): ClaimRecord | null | undefined;
  redemption(redemptionId: string): RedemptionRecord | null | undefined;
  user(userId: string): UserRecord | undefined;
  /** Held and locked claims with something due by `time`, by due time then claim id: all of them, or the first SLICE. */
  due(time: number): readonly ClaimRecord[] | undefined;
  /** Held and locked claims by claim id: all of them, or the first SLICE. Asked only while `voucher.revoking`. */
  live(): readonly ClaimRecord[] | undefined;
}

/** One thing that must be known. `due`: what falls due by that time (Unix milliseconds). */
export type Need =
  | { what: 'claim'; id: string }
  | { what: 'redemption'; id: string }
  | { what: 'user'; id: string }
  | { what: 'due'; by: number }
  | { what: 'live' };

/** A decision read what `needsOf` had not asked for, or was made before it was known: a fault of the program. */
export class NotGiven extends Error {
  override readonly name = 'NotGiven';

  constructor(what: string) {
    super(`${what} was not known when it was decided`);
  }
}

const NOTHING: readonly Need[] = [];

/**
 * What must be known before this input can be decided, and is not known yet. Needs follow from needs (a rollback needs
 * its claim, then the claim's user), so it is asked until it asks for nothing more. It asks for all that `decide` reads
 * or changes, and perhaps for more, but never for more than a slice.
 */
export function needsOf(voucher: VoucherState | undefined, knowledge: Knowledge, input: Input): readonly Need[] {
  if (voucher === undefined) return NOTHING;
  let needs: Need[] | undefined;
  const add = (need: Need): void => void (needs ??= []).push(need);
  if (voucher.revoking && knowledge.live() === undefined) add({ what: 'live' });
  if (liveClaims(voucher) > 0) {
    const by = timeOf(voucher, input);
    if (knowledge.due(by) === undefined) add({ what: 'due', by });
  }
  if (input.type === 'submission') addOfSubmission(knowledge, input.value, add);
  return needs ?? NOTHING;
}

/** The shape of a submission is not checked yet: whatever is there in place of an id is asked for as it is. */
function addOfSubmission(knowledge: Knowledge, submission: Submission, add: (need: Need) => void): void {
  const needUser = (id: string): void => {
    if (knowledge.user(id) === undefined) add({ what: 'user', id });
  };
  if (submission.kind === 'push' || submission.kind === 'claim') return needUser(submission.userId);
  if (submission.kind === 'rollback' && knowledge.redemption(submission.redemptionId) === undefined)
    add({ what: 'redemption', id: submission.redemptionId });
  const claim = knowledge.claim(submission.claimId);
  if (claim === undefined) add({ what: 'claim', id: submission.claimId });
  // A claim that is given back no longer counts against its user.
  else if (claim && (submission.kind === 'release' || submission.kind === 'rollback')) needUser(claim.userId);
}
