// Decides a claim: a user gets one free unit.
import type { ClaimSubmission, Facts } from '@vouchers/contracts';
import { claimQuantity, freeUnits } from '../counters.ts';
import { factsOf } from '../facts.ts';
import { type VoucherContext, MAY_BE_GIVEN } from '../life.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy, type Rule } from '../rules.ts';
import { entryEnded } from '../offers.ts';
import type { ClaimRecord, EntryRecord } from '../state.ts';
import { noticesOf, type Terms, useTimesAt } from '../terms.ts';
import { isOpen, opening } from '../window.ts';
import type { JudgedSubmission, Judging } from './judged-submission.ts';

export interface GrantContext extends VoucherContext {
  userId: string;
  attributes: Facts;
  pageSlug?: string;
  /** The number of claims that the user ever had, except released ones. */
  claims: number;
  /** The user's entry that waits or is offered a unit. */
  entry?: EntryRecord;
}

/** The rules about the user. */
export const AFTER_WINDOW: Rule<GrantContext>[] = [
  {
    check: 'claim-rule',
    holds: (context) => context.terms.conditions.claim.holds(context),
    why: (context) => context.terms.conditions.claim.why(context),
  },
  {
    check: 'per-user-limit',
    holds: ({ voucher, claims }) => claims < (voucher.definition.spec.nodes.claim.perUser ?? Infinity),
    why: ({ voucher }) => `at most ${voucher.definition.spec.nodes.claim.perUser} a user`,
  },
];

const isOffered = ({ entry }: GrantContext): boolean => entry?.state === 'offered';

const NOT_SOLD_OUT: Rule<GrantContext> = {
  check: 'sold-out',
  holds: (context) => isOffered(context) || freeUnits(context.voucher) !== 0,
  why: ({ voucher }) => `0 of ${claimQuantity(voucher)} units are free`,
};

const rules: Rule<GrantContext>[] = [
  ...MAY_BE_GIVEN,
  {
    check: 'outside-claim-window',
    holds: (context) => isOpen(claimWindow(context), context.at),
    why: (context) => opening(claimWindow(context), context.at),
  },
  ...AFTER_WINDOW,
  NOT_SOLD_OUT,
];

/** The hours do not matter for one who was offered a unit, because the offer was made inside them. */
function claimWindow(context: GrantContext): Terms['claim'] {
  const { claim } = context.terms;
  return isOffered(context) ? { from: claim.from, to: claim.to } : claim;
}

export const judgeClaiming = judgeBy(rules);
const judgeStaying = judgeBy([NOT_SOLD_OUT]);

export function claim(
  proceedings: Proceedings,
  submission: ClaimSubmission,
  { stays }: Judging = {},
): JudgedSubmission {
  const { voucher, terms, at } = proceedings;
  const { claimId, userId, pageSlug, attributes } = submission;
  const entry = proceedings.entryOf(userId);
  const judgement = (stays ? judgeStaying : judgeClaiming)({
    voucher,
    terms,
    at,
    userId,
    attributes,
    pageSlug,
    claims: proceedings.user(userId).claims,
    entry,
  });
  const facts = factsOf(attributes, terms.claimFacts);
  if (judgement.verdict === 'refused') return { judgement, userId, pageSlug, facts };
  const { voucherId, definition } = voucher;
  const { useFrom, useUntil } = useTimesAt(terms, at);
  const noticesAt = noticesOf(terms, useUntil, at);
  const granted: ClaimRecord = {
    claimId,
    voucherId,
    voucherVersion: definition.version,
    userId,
    state: 'held',
    uses: 0,
    heldAt: at,
    useFrom,
    useUntil,
    facts,
    ...(noticesAt && { noticesAt }),
    ...(terms.extension && { extensions: 0 }),
  };
  if (entry === undefined) return { judgement, userId, pageSlug, claim: granted, facts };
  const ending = entryEnded(entry, entry.state === 'offered' ? 'claimed' : 'left', at);
  return { judgement, userId, pageSlug, claim: granted, facts, entry: ending, entryBefore: entry.state };
}
