// Which claims may be used together on one order.
import type { Combination } from '@vouchers/contracts';
import { combinationOf, type Candidate } from './candidate.ts';

/** The most claims on one order. */
export const MOST_TOGETHER = 30;

const allows = ({ with: groups }: Combination, group: string): boolean =>
  groups === 'any' || (groups !== 'none' && groups.includes(group));

/** Whether these two claims may be on one order. */
export function pairs(one: Candidate, other: Candidate): boolean {
  if (one.userId !== other.userId) return false;
  const [own, theirs] = [combinationOf(one), combinationOf(other)];
  return allows(own, theirs.group) && allows(theirs, own.group);
}

/** The most claims of this claim's voucher on one order. */
export const mostAlike = (candidate: Candidate): number =>
  Math.min(combinationOf(candidate).perOrder, candidate.usesLeft ?? Infinity);

/** Whether a claim may be used beside these, which combine. */
export function joins(candidate: Candidate, others: readonly Candidate[]): boolean {
  const alike = others.filter(({ voucherId }) => voucherId === candidate.voucherId).length;
  return (
    others.length < MOST_TOGETHER && alike < mostAlike(candidate) && others.every((other) => pairs(candidate, other))
  );
}

/** Whether all of these claims may be used together. */
export const combine = (candidates: readonly Candidate[]): boolean =>
  candidates.every((candidate, place) => joins(candidate, candidates.slice(0, place)));
