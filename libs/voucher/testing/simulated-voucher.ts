// A model of one voucher whose time and judgements a simulation rules.
import type { Reason, Submission, VoucherSpec } from '@vouchers/contracts';
import { withinHours } from './calendar.ts';
import { claimOf, countersOf, entryOf, freeUnits, type Life } from './life.ts';
import { VoucherModel, type ModelEvent } from './model.ts';
import { refusal } from './refusals.ts';
import { isKept, isOthers } from './reserving.ts';

export type Asked = Exclude<Submission, { kind: 'push' }>;
const MINUTE_MS = 60_000;

export class SimulatedVoucher extends VoucherModel {
  /** A copy in which the time has come at `t`. */
  static at(life: Life, t: number): SimulatedVoucher {
    const copy = new SimulatedVoucher(life.id);
    copy.life = JSON.parse(JSON.stringify(life)) as Life;
    copy.life.time = Math.max(t, copy.life.time ?? t);
    copy.before(copy.life.time);
    return copy;
  }

  /** Lets the time come at `t`, as a tick does, by whatever clock. */
  reach(t: number): void {
    this.events = [];
    const { life } = this;
    const time = life.time;
    this.before(Math.max(t, time ?? t));
    const last = this.events.at(-1);
    life.time = last ? Math.max(last.at, time ?? last.at) : time;
  }

  /** Decides a submission at `t` by another judgement than the specification's. */
  takeJudged(submission: Asked, t: number, judge: typeof refusal): ModelEvent[] {
    this.events = [];
    this.life.time = Math.max(t, this.life.time ?? t);
    this.before(this.life.time);
    this.judge = judge;
    this.decide(submission, this.life.time, t);
    this.judge = refusal;
    this.judgeTermination(this.life.time);
    return this.events;
  }

  /** The next time at which something falls due. */
  nextDue(): number {
    const due: number[] = [];
    for (const { state, lock, useUntil, notices } of this.life.claims) {
      if (state !== 'held' && state !== 'locked') continue;
      due.push(Math.min(lock?.reserved ? Infinity : useUntil, lock?.until ?? Infinity, ...notices));
    }
    for (const { state, offer } of this.life.entries) if (state === 'offered') due.push(offer!.until);
    return Math.min(...due);
  }
}

/** The next moment, up to `until`, at which a window or its hours open or end, or with which a node compares the time. */
export function turnAfter({ windows, nodes }: VoucherSpec, at: number, until: number): number {
  const { valid, claim, use } = windows;
  const moments = [valid, claim, ...('afterClaim' in use ? [] : [use])].flatMap(({ from, to }) => [from, to]);
  for (const { when } of [nodes.enable, nodes.terminate])
    for (const [, moment] of when.matchAll(/timestamp\("(.*?)"\)/g)) moments.push(moment!);
  const ahead = moments.map((moment) => Date.parse(moment)).filter((moment) => moment > at);
  const next = Math.min(...ahead, until);
  if (!claim.hours || at === -Infinity) return next;
  const isOpen = (t: number): boolean => withinHours(t, claim.hours, windows.timeZone);
  const first = Math.max(at, Date.parse(claim.from));
  const last = Math.min(next, Date.parse(claim.to));
  for (let t = (Math.floor(first / MINUTE_MS) + 1) * MINUTE_MS; t < last; t += MINUTE_MS) {
    // All hours of the histories begin and end at such minutes.
    const isQuarter = t % (15 * MINUTE_MS) === 0 || (t + MINUTE_MS) % (15 * MINUTE_MS) === 0;
    if (isQuarter && isOpen(t) !== isOpen(t - 1)) return t;
  }
  return next;
}

/** Why a recorded grant cannot be given although no rule is asked: nothing is left, or the claim is not there for it. */
export function impossible(life: Life, submission: Asked): Reason | undefined {
  const { quantities, waitingList } = life.inForce!.spec;
  if (submission.kind === 'claim') {
    const isOffered = entryOf(life, submission.userId)?.state === 'offered';
    return !isOffered && freeUnits(life) === 0 ? 'sold-out' : undefined;
  }
  if (submission.kind === 'join') {
    if (!waitingList) return 'no-waiting-list';
    if (entryOf(life, submission.userId)) return 'already-waiting';
    return freeUnits(life) === 0 ? undefined : 'units-free';
  }
  if (submission.kind !== 'lock' && submission.kind !== 'redemption') throw new Error('it needs no attribute');
  const claim = claimOf(life, submission.claimId);
  const ended = { redeemed: 'already-redeemed', expired: 'claim-expired' } as const;
  if (claim.state === 'redeemed' || claim.state === 'expired') return ended[claim.state];
  if (claim.state === 'released' || claim.state === 'revoked') return `claim-${claim.state}`;
  const orderId = submission.kind === 'lock' ? submission.orderId : submission.order.id;
  if (submission.kind === 'redemption' && isKept(claim, submission)) return undefined;
  if (isOthers(claim, orderId, submission.orderCall)) return 'locked-by-other-order';
  if (submission.kind === 'redemption' && claim.lock?.reserved) return 'locked-by-other-order';
  const { redeemed, discounted } = countersOf(life);
  const { reserved } = countersOf({ ...life, claims: life.claims.filter(({ id }) => id !== claim.id) });
  if (quantities.redeem !== null && redeemed + reserved.uses >= quantities.redeem) return 'redeem-quantity-reached';
  const { budget } = quantities;
  if (!budget) return undefined;
  const spent = (discounted[budget.currency] ?? 0) + (reserved.discount[budget.currency] ?? 0);
  return spent + (submission.discount?.amount ?? 0) > budget.amount ? 'budget-reached' : undefined;
}
