// A batch that is being decided: its events in order, and the changed vouchers, claims, users and redemptions. At its
// end one row is made for each of them, in its state after the last event.
import type { EventData, EventType } from '@vouchers/contracts';
import { hashOf } from '@vouchers/event-store';
import type {
  Batch,
  CheckpointRow,
  ClaimRow,
  Cursor,
  EntryRow,
  RedemptionRow,
  RefusedPushes,
  StoredEvent,
  UserRow,
} from '@vouchers/event-store';
import type { IncomingRecord } from '@vouchers/messaging';
import {
  encodeEvent,
  isUnfinished,
  nextWake,
  NotGiven,
  textOfData,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import type { BatchChanges, ChangedRow } from '../knowledge/changes.ts';
import type { KnownVoucher } from '../knowledge/known.voucher.ts';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import { claimRow, entryRow, redemptionRow, textBeside, voucherRow } from '../knowledge/projection.rows.ts';
import { NEW_USER } from '../knowledge/voucher.users.ts';
import { BatchSpans } from './batch.spans.ts';
import type pg from 'pg';

/** A checkpoint of a voucher's state is stored after this many events, for past moments and proofs. */
const CHECKPOINT_EVENTS = 5_000;
/** A batch ends at this number of events or vouchers, or these bytes. One verdict per record does not reach them. */
const MAX_ROWS = 1_400;
const MAX_BYTES = 8_000_000;

/** The fields that the events of a decision take from its record. */
export interface Origin {
  traceparent: string | null;
  /** The salt of the verdict event. Null if the record is no submission. */
  salt: string | null;
}
const NO_ORIGIN: Origin = { traceparent: null, salt: null };

export class BatchDraft {
  /** The events in order, with partition and seq. */
  readonly events: StoredEvent[] = [];
  /** Submissions that were decided before. Their verdicts are published again. */
  readonly repeats: string[] = [];
  readonly quarantined: { record: IncomingRecord; why: string; silent: boolean }[] = [];
  /** Statements that precede the batch in its transaction. */
  readonly before: pg.QueryConfig[] = [];
  readonly spans: BatchSpans;
  readonly changes: BatchChanges;
  private readonly refusedPushes = new Map<string, RefusedPushes>();
  private readonly hashes: string[] = [];
  private bytes = 0;
  /** The offset after the last record that is done. */
  nextOffset: number;
  /** The first time at which a voucher of the batch may change, or null. `finish` sets it. */
  wakeAt: number | null = null;

  constructor(
    readonly partition: number,
    readonly from: Cursor,
    readonly decidedAt: number,
    private readonly knowledge: PartitionKnowledge,
  ) {
    this.nextOffset = from.nextOffset;
    this.changes = knowledge.begin();
    this.spans = new BatchSpans(partition, decidedAt);
  }

  get isEmpty(): boolean {
    return this.nextOffset === this.from.nextOffset && this.events.length === 0 && this.changes.vouchers.size === 0;
  }

  get isFull(): boolean {
    return Math.max(this.events.length, this.changes.vouchers.size) >= MAX_ROWS || this.bytes >= MAX_BYTES;
  }

  get nextSeq(): number {
    return this.from.nextSeq + this.events.length;
  }

  /** The hash of the last event so far. */
  get hash(): string {
    return this.hashes.at(-1) ?? this.from.hash;
  }

  /** Keeps a voucher in memory until the batch is written. */
  pin(voucher: KnownVoucher): void {
    this.knowledge.pin(voucher, this.changes);
  }

  /** Adds the events of a decision. Memory has their effect at once, Postgres with this batch. */
  add(voucher: KnownVoucher, events: readonly VoucherEvent[], after: VoucherState, origin = NO_ORIGIN): void {
    for (const event of events) this.addEvent(voucher, event, after, origin);
    voucher.state = after;
    after.head.seq = this.nextSeq - 1;
    voucher.eventsSinceCheckpoint += events.length;
    if (!after.revoking) voucher.revocable = undefined;
    voucher.settle();
    this.touch(voucher);
  }

  /** Adds an event that belongs to no voucher: its submission's id stands in the place of the voucher's. */
  addAlone(
    type: EventType,
    submissionId: string,
    said: EventData,
    more: Pick<StoredEvent, 'salt' | 'disclosed'>,
  ): void {
    this.changes.decided.add(submissionId);
    this.store(said, {
      ...{ partition: this.partition, seq: this.nextSeq, decidedAt: this.decidedAt, commitment: null },
      ...{ type, voucherId: submissionId, voucherVersion: said.voucherVersion, submissionId },
      ...{ userId: null, claimId: null, redemptionId: null, reason: null, facts: null, submission: null },
      ...{ at: Date.parse(said.at), occurredAt: Date.parse(said.occurredAt), traceparent: null },
      data: Buffer.from(textOfData(said)),
      ...more,
    });
  }

  /** Counts a refused push. It has no event and changes neither voucher nor user. */
  countRefusedPush(voucherId: string, reason: string): void {
    const key = `${voucherId} ${reason}`;
    const counted = this.refusedPushes.get(key);
    if (counted) counted.count += 1;
    else this.refusedPushes.set(key, { voucherId, reason, count: 1 });
  }

  /** Has the voucher's row written, perhaps only because its next wake time changes. */
  touch(voucher: KnownVoucher): void {
    this.changes.vouchers.add(voucher);
  }

  private addEvent(voucher: KnownVoucher, event: VoucherEvent, after: VoucherState, origin: Origin): void {
    const { team, spec } = event.definition ?? after.definition;
    const said = encodeEvent(event, { decidedAt: this.decidedAt, team, labels: spec.labels });
    const seq = this.nextSeq;
    if (event.type === 'voucher.defined.v1') voucher.definitionChanged = true;
    // A repeated push is recognised by its user, not by its submission.
    if (event.submissionId !== undefined && event.kind !== 'push') this.changes.decided.add(event.submissionId);
    if (event.reason === undefined) this.project(voucher, event, seq);
    this.store(said, {
      partition: this.partition,
      seq,
      decidedAt: this.decidedAt,
      type: event.type,
      voucherId: voucher.voucherId,
      voucherVersion: event.voucherVersion,
      submissionId: event.submissionId ?? null,
      userId: event.userId ?? event.claim?.userId ?? null,
      claimId: event.claim?.claimId ?? null,
      redemptionId: event.redemption?.redemptionId ?? null,
      reason: event.reason ?? null,
      at: event.at,
      occurredAt: event.occurredAt,
      traceparent: origin.traceparent,
      data: Buffer.from(textOfData(said)),
      facts: event.facts ? textBeside(event.facts) : null,
      submission: event.submission ? textBeside(event.submission) : null,
      salt: event.submissionId === undefined ? null : origin.salt,
      commitment: null,
    });
  }

  private store(said: EventData, stored: StoredEvent): void {
    this.bytes += stored.data.length;
    this.events.push(stored);
    const { partition, seq, type, voucherId, submissionId, facts, submission, salt, commitment } = stored;
    const hashed = { partition, seq, type, voucherId, submissionId, facts, submission, salt, commitment, said };
    this.hashes.push(hashOf(this.hash, hashed));
  }

  private project(voucher: KnownVoucher, event: VoucherEvent, seq: number): void {
    const { type, claim, redemption, before, entry } = event;
    if (claim) {
      const isNew = type === 'voucher.claimed.v1';
      const known = { record: claim, claimedSeq: isNew ? seq : claimedSeqOf(voucher, claim.claimId) };
      this.changes.setClaim(known, isNew);
      voucher.setClaim(known);
      if (isNew) this.count(voucher, claim.userId, { claims: 1 });
      else if (claim.state === 'released' && before !== 'released') this.count(voucher, claim.userId, { claims: -1 });
    }
    if (entry) {
      this.changes.setEntry(entry, seq, type === 'voucher.waiting-list-joined.v1');
      voucher.waitingList.update(entry);
    }
    if (redemption) this.changes.setRedemption(redemption, type === 'voucher.redeemed.v1');
    if (type === 'voucher.pushed.v1') this.count(voucher, event.userId!, { pushed: true });
  }

  private count(voucher: KnownVoucher, userId: string, change: { claims?: number; pushed?: true }): void {
    const before = voucher.user(userId);
    if (!before) throw new NotGiven(`user ${userId} of ${voucher.voucherId}`);
    const user = { pushed: change.pushed ?? before.pushed, claims: before.claims + (change.claims ?? 0) };
    this.changes.setUser(voucher, userId, user, before === NEW_USER);
    voucher.userChanged();
  }

  /** Makes the rows. Nothing may be added afterwards. */
  finish(): Batch {
    const claims = new Rows<ClaimRow>().add(this.changes.claims, claimRow);
    const redemptions = new Rows<RedemptionRow>().add(this.changes.redemptions, redemptionRow);
    const entries = new Rows<EntryRow>().add(this.changes.entries, ({ record, joinedSeq }) =>
      entryRow(record, joinedSeq),
    );
    const users = new Rows<UserRow>();
    for (const [{ voucherId }, changed] of this.changes.users)
      users.add(changed, ({ pushed, claims }, userId) => ({ voucherId, userId, pushed, claims }));
    const checkpoints: CheckpointRow[] = [];
    const vouchers = [...this.changes.vouchers].flatMap((voucher) => {
      const { state, voucherId } = voucher;
      if (!state) return [];
      if (voucher.eventsSinceCheckpoint >= CHECKPOINT_EVENTS) {
        checkpoints.push({ voucherId, seq: state.head.seq, state: JSON.stringify(state) });
        voucher.eventsSinceCheckpoint = 0;
      }
      const wakeAt = wakeOf(voucher, state);
      if (wakeAt !== null) this.wakeAt = Math.min(wakeAt, this.wakeAt ?? Infinity);
      const row = voucherRow(state, wakeAt, voucher.definitionChanged);
      voucher.definitionChanged = false;
      voucher.definitionLength = row.definition?.length ?? voucher.definitionLength;
      return row;
    });
    return {
      partition: this.partition,
      from: this.from,
      nextOffset: this.nextOffset,
      decidedAt: this.decidedAt,
      events: this.events,
      hashes: this.hashes.join(''),
      vouchers,
      newClaims: claims.added,
      changedClaims: claims.changed,
      newUsers: users.added,
      changedUsers: users.changed,
      newRedemptions: redemptions.added,
      changedRedemptions: redemptions.changed,
      newEntries: entries.added,
      changedEntries: entries.changed,
      checkpoints,
      refusedPushes: [...this.refusedPushes.values()],
      ...(this.before.length > 0 && { before: this.before }),
    };
  }
}

/** The rows of one table. `added`: Postgres does not have them yet. */
class Rows<Row> {
  readonly added: Row[] = [];
  readonly changed: Row[] = [];

  add<T>(changes: ReadonlyMap<string, ChangedRow<T>>, rowOf: (value: T, key: string) => Row): this {
    changes.forEach(({ value, isNew }, key) => (isNew ? this.added : this.changed).push(rowOf(value, key)));
    return this;
  }
}

function claimedSeqOf(voucher: KnownVoucher, claimId: string): number {
  const known = voucher.claimAtHand(claimId);
  if (!known) throw new NotGiven(`claim ${claimId}`);
  return known.claimedSeq;
}

/**
 * The next time at which a claim or node of the voucher may change. Null if there is none, or with
 * `clock: "submissions"`.
 */
function wakeOf(voucher: KnownVoucher, state: VoucherState): number | null {
  const { dues, judgedAt, firstLapse } = voucher;
  if (state.definition.spec.clock === 'submissions') return null;
  if (isUnfinished(state)) return state.time;
  const wake = Math.min(dues.lowerBound, firstLapse, nextWake(state, judgedAt) ?? Infinity);
  // Offers that are not loaded may lapse at any time.
  if (wake === -Infinity) return state.time;
  return wake === Infinity ? null : wake;
}
