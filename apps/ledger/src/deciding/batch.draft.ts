// A batch while it is decided: its events in order, and who of the projections changed. Rows are made at its end,
// of each thing once, as it is after the last event.
import type { Batch, CheckpointRow, Cursor, RefusedPushes, StoredEvent, UserRow } from '@vouchers/event-store';
import type { IncomingRecord } from '@vouchers/messaging';
import { eventText, nextWake, type RedemptionRecord, type VoucherEvent, type VoucherState } from '@vouchers/voucher';
import { BatchSpans } from './batch.spans.ts';
import type { KnownClaim } from './known.claim.ts';
import type { KnownVoucher, PartitionMemory } from './partition.memory.ts';
import { claimRow, redemptionRow, textBeside, voucherRow } from './projection.rows.ts';
import { NEW_USER } from './voucher.users.ts';

/** A voucher's whole state is kept each so many of its events, for `at=` and proofs. */
const CHECKPOINT_EVENTS = 5_000;
/**
 * A batch ends at so many events or vouchers, or bytes of them: more than its records make if each is a verdict, and
 * with a slice behind it still less than half of what is remembered (see `Recent`).
 */
const MAX_ROWS = 1_400;
const MAX_BYTES = 8_000_000;

export class BatchDraft {
  /** In order, with their places. */
  readonly events: StoredEvent[] = [];
  /** Submissions decided before: their verdicts are published again. */
  readonly repeats: string[] = [];
  readonly quarantined: { record: IncomingRecord; why: string; silent: boolean }[] = [];
  readonly spans: BatchSpans;
  private readonly vouchers = new Set<KnownVoucher>();
  private readonly claims = new Map<string, { claim: KnownClaim; isNew: boolean }>();
  private readonly redemptions = new Map<string, { redemption: RedemptionRecord; isNew: boolean }>();
  private readonly users = new Map<KnownVoucher, Map<string, { row: UserRow; isNew: boolean }>>();
  private readonly refusedPushes = new Map<string, RefusedPushes>();
  private bytes = 0;
  /** Counts the owner's batches. */
  readonly number: number;
  /** The offset after the last record that is done with. */
  nextOffset: number;

  constructor(
    readonly partition: number,
    readonly from: Cursor,
    readonly decidedAt: number,
    private readonly memory: PartitionMemory,
  ) {
    this.nextOffset = from.nextOffset;
    this.number = memory.batch;
    this.spans = new BatchSpans(partition, decidedAt);
  }

  get isEmpty(): boolean {
    return this.nextOffset === this.from.nextOffset && this.events.length === 0 && this.vouchers.size === 0;
  }

  get isFull(): boolean {
    return Math.max(this.events.length, this.vouchers.size) >= MAX_ROWS || this.bytes >= MAX_BYTES;
  }

  get nextSeq(): number {
    return this.from.nextSeq + this.events.length;
  }

  /** What was decided of a voucher happens: in memory now, in Postgres with this batch. */
  add(voucher: KnownVoucher, events: readonly VoucherEvent[], after: VoucherState, traceparent: string | null): void {
    for (const event of events) this.addEvent(voucher, event, after, traceparent);
    voucher.state = after;
    after.head.seq = this.nextSeq - 1;
    voucher.eventsSinceCheckpoint += events.length;
    if (!after.revoking) voucher.live = undefined;
    this.touch(voucher);
  }

  /** It is no event: its voucher, its user and its time stay as they were. */
  countRefusedPush(voucherId: string, reason: string): void {
    const key = `${voucherId} ${reason}`;
    const counted = this.refusedPushes.get(key);
    if (counted) counted.count += 1;
    else this.refusedPushes.set(key, { voucherId, reason, count: 1 });
  }

  /** Its row is written, if only for when to wake it. */
  touch(voucher: KnownVoucher): void {
    this.vouchers.add(voucher);
    this.memory.use(voucher);
  }

  private addEvent(voucher: KnownVoucher, event: VoucherEvent, after: VoucherState, traceparent: string | null): void {
    const { team, spec } = event.definition ?? after.definition;
    const data = Buffer.from(eventText(event, { decidedAt: this.decidedAt, team, labels: spec.labels }));
    this.bytes += data.length;
    const seq = this.nextSeq;
    if (event.type === 'voucher.defined.v1') voucher.definitionChanged = true;
    // A push is known by its user, not by its submission.
    if (event.submissionId !== undefined && event.kind !== 'push')
      this.memory.submissions.set(event.submissionId, true);
    if (event.reason === undefined) this.project(voucher, event, seq);
    this.events.push({
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
      traceparent,
      data,
      facts: event.facts ? textBeside(event.facts) : null,
      submission: event.submission ? textBeside(event.submission) : null,
    });
  }

  private project(voucher: KnownVoucher, event: VoucherEvent, seq: number): void {
    const { claim, redemption, before } = event;
    if (claim) {
      const isNew = event.type === 'voucher.claimed.v1';
      const claimedSeq = isNew
        ? seq
        : (this.memory.claims.get(claim.claimId)?.claimedSeq ?? this.claimedSeqOfDue(voucher, claim.claimId));
      const known = { record: claim, claimedSeq };
      this.memory.setClaim(voucher, known);
      this.claims.set(claim.claimId, { claim: known, isNew: isNew || this.claims.get(claim.claimId)?.isNew === true });
      if (isNew) this.count(voucher, claim.userId, { claims: 1 });
      else if (claim.state === 'released' && before !== 'released') this.count(voucher, claim.userId, { claims: -1 });
    }
    if (redemption) {
      const isNew = event.type === 'voucher.redeemed.v1';
      const { redemptionId } = redemption;
      this.memory.redemptions.set(redemptionId, redemption);
      this.redemptions.set(redemptionId, {
        redemption,
        isNew: isNew || this.redemptions.get(redemptionId)?.isNew === true,
      });
    }
    if (event.type === 'voucher.pushed.v1') this.count(voucher, event.userId!, { pushed: true });
  }

  /** A claim that fell due or is taken back may be known there alone. */
  private claimedSeqOfDue({ due, live }: KnownVoucher, claimId: string): number {
    const known = live?.claims.get(claimId) ?? due.get(claimId);
    if (!known) throw new Error(`claim ${claimId} changed, but nobody knew it`);
    return known.claimedSeq;
  }

  private count(voucher: KnownVoucher, userId: string, change: { claims?: number; pushed?: true }): void {
    const before = voucher.users?.get(userId);
    if (!before) throw new Error(`a user of ${voucher.voucherId} changed, but nobody knew how it was`);
    const pushed = change.pushed ?? before.pushed;
    const row = { voucherId: voucher.voucherId, userId, pushed, claims: before.claims + (change.claims ?? 0) };
    voucher.users!.set(userId, row);
    let changed = this.users.get(voucher);
    if (!changed) this.users.set(voucher, (changed = new Map()));
    changed.set(userId, { row, isNew: before === NEW_USER || changed.get(userId)?.isNew === true });
  }

  /** The rows, once nothing more is added. */
  finish(): Batch {
    const [claims, redemptions] = [[...this.claims.values()], [...this.redemptions.values()]];
    const users = [...this.users.values()].flatMap((changed) => [...changed.values()]);
    const checkpoints: CheckpointRow[] = [];
    const vouchers = [...this.vouchers].flatMap((voucher) => {
      const { state, voucherId } = voucher;
      if (!state) return [];
      if (voucher.eventsSinceCheckpoint >= CHECKPOINT_EVENTS) {
        checkpoints.push({ voucherId, seq: state.head.seq, state: JSON.stringify(state) });
        voucher.eventsSinceCheckpoint = 0;
      }
      const row = voucherRow(state, wakeAt(voucher, state), voucher.definitionChanged);
      voucher.definitionChanged = false;
      return row;
    });
    return {
      partition: this.partition,
      from: this.from,
      nextOffset: this.nextOffset,
      decidedAt: this.decidedAt,
      events: this.events,
      vouchers,
      newClaims: claims.filter(({ isNew }) => isNew).map(({ claim }) => claimRow(claim)),
      changedClaims: claims.filter(({ isNew }) => !isNew).map(({ claim }) => claimRow(claim)),
      newUsers: users.filter(({ isNew }) => isNew).map(({ row }) => row),
      changedUsers: users.filter(({ isNew }) => !isNew).map(({ row }) => row),
      newRedemptions: redemptions.filter(({ isNew }) => isNew).map(({ redemption }) => redemptionRow(redemption)),
      changedRedemptions: redemptions.filter(({ isNew }) => !isNew).map(({ redemption }) => redemptionRow(redemption)),
      checkpoints,
      refusedPushes: [...this.refusedPushes.values()],
    };
  }
}

/** When time may matter to the voucher next, be it for a claim or for a node; null: never, or time is what submissions say. */
function wakeAt({ due, judgedAt }: KnownVoucher, state: VoucherState): number | null {
  if (state.definition.spec.clock === 'submissions') return null;
  if (state.revoking) return state.time;
  const wake = Math.min(due.lowerBound, nextWake(state, judgedAt) ?? Infinity);
  return wake === Infinity ? null : wake;
}
