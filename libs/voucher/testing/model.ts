// An independent model of one voucher, as simple as possible. It keeps all claims and redemptions and counts them
// whenever it needs a number. It was written from the specification alone. The decider must agree with each event.
import type { Definition, EventType, Facts, PushReason, Reason, Submission } from '@vouchers/contracts';
import { GRANTED_TYPES, REFUSED_TYPES, type SubmissionRecord } from '@vouchers/contracts';
import { holds } from './conditions.ts';
import { end } from './endings.ts';
import { granted, joined } from './grants.ts';
import {
  claimOf,
  entryOf,
  factsAt,
  freeUnits,
  hasAll,
  isTerminatedWithRevoke,
  liveClaims,
  near,
  sightOf,
  statusOf,
  within,
  type Life,
  type ModelClaim,
  type ModelEntry,
  type ModelRedemption,
  type ModelReservation,
} from './life.ts';
import { takenOff, unlock, type TakenOff } from './reserving.ts';
import { close, nextOf, offerEnd } from './waiting.ts';
import { pushRefusal, refusal } from './refusals.ts';

/** The fields of an event that the specification defines. */
export interface ModelEvent {
  type: EventType;
  at: number;
  occurredAt: number;
  version?: number;
  submissionId?: string;
  userId?: string;
  reason?: Reason;
  claim?: ModelClaim;
  redemption?: ModelRedemption;
  entry?: ModelEntry;
  why?: string;
  /** The user's attributes that are kept with a decided claim or redemption. */
  facts?: Facts;
  /** The discount that a redemption takes off, or a reservation keeps. */
  discount?: TakenOff;
  /** The reservation that the event ended. */
  wasReserved?: ModelReservation;
}

/** A record of the submissions topic. */
export type InputRecord = SubmissionRecord & { brokerTime: number };

export class VoucherModel {
  life: Life;
  /** Refused pushes, without repeats. */
  readonly refusedPushes: PushReason[] = [];
  protected events: ModelEvent[] = [];
  /** The reason for which a submission is refused, if it is. */
  protected judge = refusal;

  constructor(id: string) {
    this.life = {
      id,
      lastVersion: 0,
      enabled: false,
      terminated: false,
      claims: [],
      redemptions: [],
      entries: [],
      extended: 0,
      pushed: [],
      refusals: [],
    };
  }

  /** Decides a record and returns its events in order. */
  take(record: InputRecord): ModelEvent[] {
    this.events = [];
    if (record.type === 'definition') this.define(record.value, record.brokerTime);
    else if (record.type === 'tick') this.tick(Date.parse(record.value.at), record.brokerTime);
    else this.submit(record.value, record.brokerTime);
    return this.events;
  }

  // ——— the three kinds of records

  private define(next: Definition, brokerTime: number): void {
    const { life } = this;
    if (next.version <= life.lastVersion) return;
    const byWall = next.spec.clock === 'wall';
    // A draft may change its clock. The time of the old clock then means nothing.
    if (statusOf(life) === 'draft' && life.inForce && life.inForce.spec.clock !== next.spec.clock) delete life.time;
    const t = byWall ? Math.max(brokerTime, life.time ?? 0) : (life.time ?? Date.parse(next.spec.windows.valid.from));
    if (byWall) life.time = t;
    if (byWall) this.before(t);
    else this.fallDue(t);
    life.lastVersion = next.version;
    const wasTerminated = life.terminated;
    if (!wasTerminated) {
      life.inForce = next;
      life.terminated = next.intent === 'terminated';
    }
    this.events.push({ type: 'voucher.defined.v1', at: t, occurredAt: t, version: next.version });
    if (life.terminated && !wasTerminated) this.revokeAllIfSo(t);
    this.withdrawIfSo(t);
    this.offer(t, t);
    if (byWall) this.judgeTermination(t);
  }

  private tick(at: number, brokerTime: number): void {
    const { life } = this;
    if (!life.inForce || life.inForce.spec.clock === 'submissions') return;
    const told = near(at, brokerTime);
    const time = life.time;
    this.before(Math.max(told, time ?? told));
    const last = this.events.at(-1);
    life.time = last ? Math.max(last.at, time ?? last.at) : time;
  }

  private submit(submission: Submission, brokerTime: number): void {
    const { life } = this;
    if (!life.inForce) return;
    const occurredAt = Date.parse(submission.at);
    const told = life.inForce.spec.clock === 'submissions' ? occurredAt : near(occurredAt, brokerTime);
    const t = Math.max(told, life.time ?? told);
    if (submission.kind === 'push' && life.pushed.includes(submission.userId)) return;
    const untouched = submission.kind === 'push' ? JSON.stringify(life) : '';
    // A push is judged before the due changes happen, and again after them if only the enable node stands against it.
    const standing = submission.kind === 'push' ? pushRefusal(life, t) : undefined;
    life.time = t;
    this.before(t);
    if (submission.kind === 'push') {
      const reason = standing && standing !== 'not-enabled' ? standing : pushRefusal(life, t);
      if (reason) {
        this.refusedPushes.push(reason);
        this.life = JSON.parse(untouched) as Life;
        this.events = [];
        return;
      }
      life.pushed.push(submission.userId);
      this.record({
        type: GRANTED_TYPES.push,
        at: t,
        occurredAt,
        submissionId: submission.submissionId,
        userId: submission.userId,
      });
    } else {
      this.decide(submission, t, occurredAt);
    }
    this.judgeTermination(t);
  }

  // ——— time

  /** The changes that happen before a decision at `t`. */
  protected before(t: number): void {
    this.fallDue(t);
    const { life } = this;
    const spec = life.inForce?.spec;
    if (!spec) return;
    if (
      statusOf(life) === 'published' &&
      within(spec.windows.valid, t) &&
      holds(spec.nodes.enable.when, sightOf(life, t))
    ) {
      life.enabled = true;
      this.record({ type: 'voucher.enabled.v1', at: t, occurredAt: t });
    }
    this.judgeTermination(t);
    this.offer(t, t);
  }

  /** Due claims unlock, give notice or expire, and offers lapse, one after the other, each at its own time. */
  private fallDue(t: number): void {
    for (;;) {
      const claims = liveClaims(this.life).map((claim) => ({
        id: claim.id,
        claim,
        entry: undefined,
        // A reservation stands its full time.
        at: Math.min(claim.lock?.reserved ? Infinity : claim.useUntil, claim.lock?.until ?? Infinity, ...claim.notices),
      }));
      const offered = this.life.entries.filter(({ state }) => state === 'offered');
      const offers = offered.map((entry) => ({ id: entry.id, claim: undefined, entry, at: entry.offer!.until }));
      const due = [...claims, ...offers]
        .filter(({ at }) => at <= t)
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))[0];
      if (!due) return;
      const { claim, entry, at } = due;
      if (entry) {
        close(entry, 'lapsed', at);
        this.record({ type: 'voucher.offer-lapsed.v1', at, occurredAt: at, userId: entry.userId, entry });
        this.offer(at, t);
      } else if (claim.lock && claim.lock.until <= at) {
        const wasReserved = claim.lock.reserved;
        unlock(claim, at);
        this.record({ type: 'voucher.unlocked.v1', at, occurredAt: at, userId: claim.userId, claim, wasReserved });
        if (wasReserved) this.endOverdue(claim, at);
        if (wasReserved) this.offer(at, t);
      } else if (claim.notices[0] !== undefined && claim.notices[0] <= at) {
        claim.notices.shift();
        this.record({ type: 'voucher.claim-expiring.v1', at, occurredAt: at, userId: claim.userId, claim });
      } else {
        end(this.life, claim, 'expired');
        this.record({ type: 'voucher.claim-expired.v1', at, occurredAt: at, userId: claim.userId, claim });
        this.offer(at, t);
      }
    }
  }

  /** Ends a claim whose end came while it was reserved. */
  private endOverdue(claim: ModelClaim, at: number): void {
    if (claim.state !== 'held' && claim.state !== 'locked') return;
    const how = claim.useUntil <= at ? 'expired' : isTerminatedWithRevoke(this.life) ? 'revoked' : undefined;
    if (!how) return;
    end(this.life, claim, how);
    this.record({ type: `voucher.claim-${how}.v1`, at, occurredAt: at, userId: claim.userId, claim });
  }

  protected judgeTermination(t: number): void {
    const { life } = this;
    const spec = life.inForce?.spec;
    const status = statusOf(life);
    if (!spec || (status !== 'published' && status !== 'enabled' && status !== 'paused')) return;
    if (!holds(spec.nodes.terminate.when, sightOf(life, t))) return;
    life.terminated = true;
    this.record({ type: 'voucher.terminated.v1', at: t, occurredAt: t });
    this.revokeAllIfSo(t);
    this.withdrawIfSo(t);
  }

  /** Offers free units as an event at `at` allows, which an input at `now` brings about. */
  private offer(at: number, now: number): void {
    const { life } = this;
    for (let entry = nextOf(life); entry && (freeUnits(life) ?? 0) > 0; entry = nextOf(life)) {
      const until = offerEnd(life, at, now);
      if (until === undefined) return;
      const { userId } = entry;
      if (hasAll(life, userId)) {
        close(entry, 'left', at);
        const why = 'per-user-limit';
        this.record({ type: 'voucher.waiting-list-left.v1', at, occurredAt: at, userId, entry, why });
      } else {
        entry.state = 'offered';
        entry.offer = { at, until };
        this.record({ type: 'voucher.offered.v1', at, occurredAt: at, userId, entry });
      }
    }
  }

  private withdrawIfSo(t: number): void {
    const { life } = this;
    if (!life.terminated && life.inForce!.intent !== 'paused' && life.inForce!.spec.waitingList) return;
    const offered = life.entries.filter(({ state }) => state === 'offered');
    for (const entry of offered.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      entry.state = 'waiting';
      delete entry.offer;
      this.record({ type: 'voucher.offer-withdrawn.v1', at: t, occurredAt: t, userId: entry.userId, entry });
    }
  }

  private revokeAllIfSo(t: number): void {
    if (!isTerminatedWithRevoke(this.life)) return;
    for (const claim of liveClaims(this.life).filter(({ lock }) => !lock?.reserved)) {
      end(this.life, claim, 'revoked');
      this.record({ type: 'voucher.claim-revoked.v1', at: t, occurredAt: t, userId: claim.userId, claim });
    }
  }

  // ——— submissions

  protected decide(submission: Exclude<Submission, { kind: 'push' }>, t: number, occurredAt: number): void {
    const { life } = this;
    const { submissionId, kind } = submission;
    const reason = this.judge(life, submission, t);
    const facts = reason === 'unreadable' ? undefined : factsAt(life, submission);
    if (reason) {
      life.refusals.push({ kind, reason });
      const isKnown = reason !== 'unreadable' || kind === 'redemption';
      const claimId = 'claimId' in submission && isKnown ? submission.claimId : undefined;
      const whose = life.claims.find(({ id }) => id === claimId);
      const userId = 'userId' in submission ? submission.userId : whose?.userId;
      this.record({ type: REFUSED_TYPES[kind], at: t, occurredAt, submissionId, userId, reason, facts });
      return;
    }
    const verdict = { type: GRANTED_TYPES[kind], at: t, occurredAt, submissionId };
    if (submission.kind === 'join' || submission.kind === 'leave') {
      const { userId } = submission;
      const entry = submission.kind === 'join' ? joined(life, submission, t) : close(entryOf(life, userId)!, 'left', t);
      this.record({ ...verdict, userId, entry, facts });
    } else {
      const ofUser = submission.kind === 'claim' ? entryOf(life, submission.userId) : undefined;
      const before = life.claims.find(({ id }) => id === submission.claimId)?.lock;
      const redemption = granted(life, submission, t);
      const claim = claimOf(life, submission.claimId);
      const entry = ofUser && close(ofUser, ofUser.state === 'offered' ? 'claimed' : 'left', t);
      const wasReserved = claim.lock === before ? undefined : before?.reserved;
      const discount = takenOff(submission);
      this.record({ ...verdict, userId: claim.userId, claim, redemption, entry, facts, discount, wasReserved });
      if (wasReserved && !claim.lock?.reserved) this.endOverdue(claim, t);
    }
    this.offer(t, t);
  }

  /** Records an event with copies of the claim and redemption, because these change later. */
  private record({ claim, redemption, entry, ...event }: ModelEvent): void {
    const version = this.life.inForce!.version;
    this.events.push({
      version,
      ...event,
      claim: claim && { ...claim, notices: [...claim.notices] },
      redemption: redemption && { ...redemption },
      entry: entry && { ...entry },
    });
  }
}
