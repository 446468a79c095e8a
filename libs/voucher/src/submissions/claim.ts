// Decides a claim: a user gets one free unit.
import type { ClaimSubmission, Facts } from '@vouchers/contracts';
import { claimQuantity, freeUnits } from '../counters.ts';
import { factsOf } from '../facts.ts';
import { type VoucherContext, MAY_BE_GIVEN } from '../life.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy, type Rule } from '../rules.ts';
import type { ClaimRecord } from '../state.ts';
import { useTimesAt } from '../terms.ts';
import { isOpen, opening } from '../window.ts';
import type { JudgedSubmission } from './judged-submission.ts';

export interface GrantContext extends VoucherContext {
  userId: string;
  attributes: Facts;
  pageSlug?: string;
  /** The number of claims that the user ever had, except released ones. */
  claims: number;
}

const rules: Rule<GrantContext>[] = [
  ...MAY_BE_GIVEN,
  {
    check: 'outside-claim-window',
    holds: ({ terms, at }) => isOpen(terms.claim, at),
    why: ({ terms, at }) => opening(terms.claim, at),
  },
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
  {
    check: 'sold-out',
    holds: ({ voucher }) => freeUnits(voucher) !== 0,
    why: ({ voucher }) => `0 of ${claimQuantity(voucher)} units are free`,
  },
];

export const judgeClaiming = judgeBy(rules);

export function claim(proceedings: Proceedings, submission: ClaimSubmission): JudgedSubmission {
  const { voucher, terms, at } = proceedings;
  const { claimId, userId, pageSlug, attributes } = submission;
  const judgement = judgeClaiming({
    voucher,
    terms,
    at,
    userId,
    attributes,
    pageSlug,
    claims: proceedings.user(userId).claims,
  });
  const facts = factsOf(attributes, terms.claimFacts);
  if (judgement.verdict === 'refused') return { judgement, userId, pageSlug, facts };
  const { voucherId, definition } = voucher;
  const { useFrom, useUntil } = useTimesAt(terms, at);
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
  };
  return { judgement, userId, pageSlug, claim: granted, facts };
}
