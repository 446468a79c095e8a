import type { Condition } from './conditions/condition.ts';
import { isWantedAndFree } from './counters.ts';
import type { VoucherState } from './state.ts';
import { termsOf } from './terms.ts';

/**
 * The next moment at which time alone may turn a node of this voucher or let offers be made, if there is one. What
 * falls due does not count.
 * @param judgedAt the time of the last tick that judged it, if it gave no event and none came since
 */
export function nextWake(voucher: VoucherState, judgedAt = -Infinity): number | undefined {
  const { definition, status, enabled, time } = voucher;
  if (definition.spec.clock === 'submissions' || status === 'draft' || status === 'terminated') return undefined;
  const { valid, conditions } = termsOf(definition.spec);
  const since = Math.max(time, judgedAt);
  const isJudged = judgedAt >= time;
  const terminating = sooner(nextTurn(conditions.terminate, voucher, since, isJudged), nextOffer(voucher, since));
  if (enabled || status !== 'published' || since >= valid.to) return terminating;
  if (since < valid.from) return earlier(valid.from, terminating);
  // A decision judges the enable node before it, but not after it as the terminate node.
  if (!isJudged || judgedAt < valid.from) return since;
  const enabling = nextTurn(conditions.enable, voucher, since, isJudged);
  return enabling !== undefined && enabling < valid.to ? earlier(enabling, terminating) : terminating;
}

/**
 * The time at which the condition, which is false now, may hold by time alone. After a tick it evaluates the condition
 * at some turns ahead. After a submission it only finds the next turn, because the next submission may come soon.
 */
function nextTurn(condition: Condition, voucher: VoucherState, since: number, isJudged: boolean): number | undefined {
  const { turns } = condition;
  let at = turns.after(since);
  for (let seen = 1; isJudged && at !== undefined && seen < turns.lookAhead; seen += 1) {
    if (condition.holds({ voucher, at })) break;
    at = turns.after(at);
  }
  return at;
}

/** The time at which the claim window opens again, if a unit is free and somebody waits. */
function nextOffer(voucher: VoucherState, since: number): number | undefined {
  if (!isWantedAndFree(voucher) || voucher.status !== 'published' || !voucher.enabled) return undefined;
  const { waitingList, valid, claim } = termsOf(voucher.definition.spec);
  const earliest = Math.max(since, claim.from, valid.from);
  const opens = claim.hours ? claim.hours.opensAt(earliest) : earliest;
  const isAhead = opens !== undefined && opens > since && opens < Math.min(claim.to, valid.to);
  return waitingList && isAhead ? opens : undefined;
}

const sooner = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
const earlier = (at: number, other: number | undefined): number => Math.min(at, other ?? Infinity);
