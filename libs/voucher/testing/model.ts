// An independent model of one voucher, as simple as possible. It keeps all claims and redemptions and counts them
// whenever it needs a number. It was written from the specification alone. The decider must agree with each event.
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
  /** The user's attributes that are kept with a decided claim or redemption. */
  facts?: Facts;
}

/** A record of the submissions topic. */
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

  /** Due claims unlock or expire one after the other, each at its own time. */
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
      default:
        return submission satisfies never;
    }
  }

  /** The change of a `redeemed` claim when one of its uses is rolled back. */
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

  /** Ends a claim by time, its user or staff. It becomes `redeemed` if it was used before. */
  private end(claim: ModelClaim, how: 'expired' | 'released' | 'revoked'): void {
    delete claim.lock;
    claim.state = claim.uses > 0 ? 'redeemed' : how;
    if (claim.state === how) claim.retired = this.life.inForce!.spec.pool[how] === 'retire';
  }

  /** Records an event with copies of the claim and redemption, because these change later. */
  private record({ claim, redemption, ...event }: ModelEvent): void {
    const version = this.life.inForce!.version;
    this.events.push({ version, ...event, claim: claim && { ...claim }, redemption: redemption && { ...redemption } });
  }
}
