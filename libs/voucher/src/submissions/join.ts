// Decides a joining: a user goes on the waiting list of a voucher that has no free unit.
import type { JoinSubmission } from '@vouchers/contracts';
import { freeUnits, liveEntries } from '../counters.ts';
import { factsOf } from '../facts.ts';
import { MAY_BE_GIVEN } from '../life.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy, type Rule } from '../rules.ts';
import type { EntryRecord } from '../state.ts';
import { isOpen, opening } from '../window.ts';
import { AFTER_WINDOW, type GrantContext } from './claim.ts';
import type { JudgedSubmission, Judging } from './judged-submission.ts';

export interface JoinContext extends GrantContext {
  /** Absent in a prediction. */
  rank?: { rank: number; fault?: string };
}

const HAS_LIST: Rule<GrantContext> = {
  check: 'no-waiting-list',
  holds: ({ terms }) => terms.waitingList !== undefined,
};
const NOT_WAITING: Rule<GrantContext> = { check: 'already-waiting', holds: ({ entry }) => entry === undefined };

const NO_UNITS_FREE: Rule<GrantContext> = {
  check: 'units-free',
  holds: ({ voucher }) => freeUnits(voucher) === 0,
  why: ({ voucher }) => `${freeUnits(voucher) ?? 'all'} units are free`,
};

const WHILE_LIST_LASTS: Rule<GrantContext>[] = [
  ...MAY_BE_GIVEN,
  HAS_LIST,
  {
    check: 'outside-claim-window',
    // The hours do not matter for waiting.
    holds: ({ terms: { claim }, at }) => isOpen({ from: claim.from, to: claim.to }, at),
    why: ({ terms: { claim }, at }) => opening({ from: claim.from, to: claim.to }, at),
  },
  ...AFTER_WINDOW,
];

const rules: Rule<JoinContext>[] = [
  ...WHILE_LIST_LASTS,
  NOT_WAITING,
  NO_UNITS_FREE,
  {
    check: 'waiting-list-full',
    holds: ({ voucher, terms }) => liveEntries(voucher) < terms.waitingList!.limit,
    why: ({ terms }) => `at most ${terms.waitingList!.limit} wait`,
    note: ({ rank }) => rank?.fault && `rank 0: it ${rank.fault}`,
  },
];

export const judgeJoining = judgeBy(rules);
const judgeStaying = judgeBy<JoinContext>([HAS_LIST, NOT_WAITING, NO_UNITS_FREE]);

/** Judges a joining without the user's own entry and without the entries and claims of others. */
export const judgeJoiningAlone = judgeBy<GrantContext>(WHILE_LIST_LASTS);

export function join(proceedings: Proceedings, submission: JoinSubmission, { stays }: Judging = {}): JudgedSubmission {
  const { voucher, terms, at } = proceedings;
  const { entryId, userId, pageSlug, attributes } = submission;
  const entry = proceedings.entryOf(userId);
  const { claims } = proceedings.user(userId);
  const occasion = { voucher, terms, at, userId, attributes, pageSlug, claims, entry };
  const rank = terms.waitingList?.rank.of(occasion);
  const judgement = (stays ? judgeStaying : judgeJoining)({ ...occasion, rank });
  const facts = factsOf(attributes, terms.joinFacts);
  if (judgement.verdict === 'refused')
    return { judgement, userId, pageSlug, entry: judgement.reason === 'already-waiting' ? entry : undefined, facts };
  const joined: EntryRecord = {
    entryId,
    voucherId: voucher.voucherId,
    voucherVersion: voucher.definition.version,
    userId,
    state: 'waiting',
    rank: rank!.rank,
    number: voucher.counters.joined + 1,
    joinedAt: at,
  };
  return { judgement, userId, pageSlug, entry: joined, facts };
}
