// An independent model of the domain: what happens to ONE voucher, told as plainly as possible. It keeps every claim
// and every redemption there ever was, and counts from scratch whenever a number is asked for. Written from the
// specification alone; the decider must agree with it, event by event.
import type { Definition, EventType, Facts, PushReason, Reason, Submission } from '@vouchers/contracts';
import { GRANTED_TYPES, REFUSED_TYPES, type SubmissionRecord } from '@vouchers/contracts';
import { holds } from './conditions.ts';
import {
  claimOf,
  factsAt,
  isTerminatedWithRevoke,
  liveClaims,
  near,
  redemptionOf,
  sightOf,
  statusOf,
  useWindowAt,
  within,
  type Life,
  type ModelClaim,
  type ModelRedemption,
} from './life.ts';
import { pushRefusal, refusal } from './refusals.ts';

/** What a decision recorded, as far as the specification fixes it. */
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
  /** The user's attributes kept with a claim or a redemption that was decided. */
  facts?: Facts;
}

/** A record of the one ordered input. */
export type InputRecord = SubmissionRecord & { brokerTime: number };

export class VoucherModel {
  life: Life;
  /** Refused pushes, without repeats. */
  readonly refusedPushes: PushReason[] = [];
  private events: ModelEvent[] = [];

  constructor(id: string) {
    this.life = {
      id,
      lastVersion: 0,
      enabled: false,
      terminated: false,
      claims: [],
      redemptions: [],
      pushed: [],
      refusals: [],
    };
  }

  /** What comes of a record, in order. Nothing where the specification calls it nothing. */
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
    // A draft may still change its clock: what the one said is nothing to the other.
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
    // Judged by the present state, before everything that is due. But if it is only not enabled, it may become so below.
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

  /** What comes before anything is decided at `t`. */
  private before(t: number): void {
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
  }

  /** Locks run out and claims expire, one after the other, each at its own time. */
  private fallDue(t: number): void {
    for (;;) {
      const due = liveClaims(this.life)
        .map((claim) => ({ claim, at: Math.min(claim.useUntil, claim.lock?.until ?? Infinity) }))
        .filter(({ at }) => at <= t)
        .sort((a, b) => a.at - b.at)[0];
      if (!due) return;
      const { claim, at } = due;
      if (claim.lock && claim.lock.until <= at) {
        delete claim.lock;
        claim.state = 'held';
        this.record({ type: 'voucher.unlocked.v1', at, occurredAt: at, userId: claim.userId, claim });
      } else {
        this.end(claim, 'expired');
        this.record({ type: 'voucher.claim-expired.v1', at, occurredAt: at, userId: claim.userId, claim });
      }
    }
  }

  private judgeTermination(t: number): void {
    const { life } = this;
    const spec = life.inForce?.spec;
    const status = statusOf(life);
    if (!spec || (status !== 'published' && status !== 'enabled' && status !== 'paused')) return;
    if (!holds(spec.nodes.terminate.when, sightOf(life, t))) return;
    life.terminated = true;
    this.record({ type: 'voucher.terminated.v1', at: t, occurredAt: t });
    this.revokeAllIfSo(t);
  }

  private revokeAllIfSo(t: number): void {
    if (!isTerminatedWithRevoke(this.life)) return;
    for (const claim of liveClaims(this.life)) {
      this.end(claim, 'revoked');
      this.record({ type: 'voucher.claim-revoked.v1', at: t, occurredAt: t, userId: claim.userId, claim });
    }
  }

  // ——— submissions

  private decide(submission: Exclude<Submission, { kind: 'push' }>, t: number, occurredAt: number): void {
    const { life } = this;
    const { submissionId, kind } = submission;
    const reason = refusal(life, submission, t);
    const facts = reason === 'unreadable' ? undefined : factsAt(life, submission);
    if (reason) {
      life.refusals.push({ kind, reason });
      const whose = reason === 'unreadable' ? undefined : life.claims.find(({ id }) => id === submission.claimId);
      const userId = 'userId' in submission ? submission.userId : whose?.userId;
      this.record({ type: REFUSED_TYPES[kind], at: t, occurredAt, submissionId, userId, reason, facts });
      return;
    }
    const redemption = this.grant(submission, t);
    const claim = claimOf(life, submission.claimId);
    this.record({
      type: GRANTED_TYPES[kind],
      at: t,
      occurredAt,
      submissionId,
      userId: claim.userId,
      claim,
      redemption,
      facts,
    });
  }

  private grant(submission: Exclude<Submission, { kind: 'push' }>, t: number): ModelRedemption | undefined {
    const { life } = this;
    const { spec, version } = life.inForce!;
    if (submission.kind === 'claim') {
      const facts = factsAt(life, submission)!;
      const { claimId, userId } = submission;
      const window = useWindowAt(life, t);
      life.claims.push({
        id: claimId,
        userId,
        version,
        state: 'held',
        uses: 0,
        heldAt: t,
        ...window,
        spent: false,
        retired: false,
        facts,
      });
      return undefined;
    }
    const claim = claimOf(life, submission.claimId);
    switch (submission.kind) {
      case 'lock':
        claim.state = 'locked';
        claim.lock = { orderId: submission.orderId, until: Math.min(t + submission.ttlSeconds * 1000, claim.useUntil) };
        return undefined;
      case 'unlock':
        claim.state = 'held';
        delete claim.lock;
        return undefined;
      case 'release':
        this.end(claim, 'released');
        return undefined;
      case 'revoke':
        this.end(claim, 'revoked');
        return undefined;
      case 'redemption': {
        const redemption = { id: submission.redemptionId, claimId: claim.id, order: submission.order, at: t };
        life.redemptions.push(redemption);
        claim.uses += 1;
        delete claim.lock;
        claim.spent = claim.uses === spec.nodes.use.perClaim;
        claim.state = claim.spent ? 'redeemed' : 'held';
        return redemption;
      }
      case 'rollback': {
        const redemption = redemptionOf(life, submission.redemptionId);
        redemption.rolledBackAt = t;
        claim.uses -= 1;
        if (claim.state === 'redeemed') this.afterRollback(claim, t);
        return redemption;
      }
    }
  }

  /** What becomes of a claim in state `redeemed` when one of its uses is rolled back. */
  private afterRollback(claim: ModelClaim, t: number): void {
    const { rolledBack } = this.life.inForce!.spec.pool;
    const past = t >= claim.useUntil;
    if (claim.uses > 0) {
      if (rolledBack === 'hold' && claim.spent && !past && !isTerminatedWithRevoke(this.life)) claim.state = 'held';
    } else if (rolledBack === 'return') {
      claim.state = 'released';
    } else if (rolledBack === 'retire') {
      claim.state = 'revoked';
      claim.retired = true;
    } else if (past) {
      this.end(claim, 'expired');
    } else if (isTerminatedWithRevoke(this.life)) {
      this.end(claim, 'revoked');
    } else {
      claim.state = 'held';
    }
    claim.spent = claim.spent && claim.state === 'redeemed';
  }

  /** The end of a claim by time, its user or staff: `redeemed` if it was ever used. */
  private end(claim: ModelClaim, how: 'expired' | 'released' | 'revoked'): void {
    delete claim.lock;
    claim.state = claim.uses > 0 ? 'redeemed' : how;
    if (claim.state === how) claim.retired = this.life.inForce!.spec.pool[how] === 'retire';
  }

  /** Events show claims and redemptions as they are at that moment. */
  private record({ claim, redemption, ...event }: ModelEvent): void {
    const version = this.life.inForce!.version;
    this.events.push({ version, ...event, claim: claim && { ...claim }, redemption: redemption && { ...redemption } });
  }
}
