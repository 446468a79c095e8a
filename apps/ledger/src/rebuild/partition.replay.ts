// Makes a partition's projections from its events alone, in separate tables. It uses nothing from the owner's memory,
// so that the result is an independent check of the rows that the ledger wrote.
import { setImmediate } from 'node:timers/promises';
import { ContextReader, type Batch, type Cursor, type EventsReader, type LedgerStore } from '@vouchers/event-store';
import type { EntryRow, ReplayedEvent, UserRow } from '@vouchers/event-store';
import {
  evolve,
  type EntryRecord,
  type RedemptionRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import { USER_FORGOTTEN, type Facts } from '@vouchers/contracts';
import type { KnownClaim } from '../knowledge/known.claim.ts';
import { claimRow, entryRow, knownClaim, redemptionRow, voucherRow } from '../knowledge/projection.rows.ts';
import { NEW_USER, VoucherUsers } from '../knowledge/voucher.users.ts';
import { eventOf } from '../history/stored.event.ts';

const PAGE = 2_000;
/** The memory for the users of all vouchers. Beyond it, filters and look-ups are used. */
const USERS_BYTES = 50_000_000;

type Rows = Pick<
  Batch,
  | 'vouchers'
  | 'newClaims'
  | 'changedClaims'
  | 'newUsers'
  | 'changedUsers'
  | 'newRedemptions'
  | 'changedRedemptions'
  | 'newEntries'
  | 'changedEntries'
>;

/** A user was forgotten since the replay began. Rows that it has made name the user, so it must begin again. */
export class ForgottenMeanwhile extends Error {
  override readonly name = 'ForgottenMeanwhile';
}

export class PartitionReplay {
  /** The events before this seq are read as they are since the replay began. */
  private begunAt: number | undefined;
  private readonly states = new Map<string, VoucherState>();
  private readonly users = new Map<string, VoucherUsers>();
  private readonly reader: ContextReader;
  private cursor: Cursor | undefined;
  private writing: Promise<void> = Promise.resolve();
  /** The next event to replay. */
  nextSeq = 1;

  /** @param target a store on the rebuilt tables @param source the live events */
  constructor(
    private readonly partition: number,
    private readonly target: LedgerStore,
    private readonly source: EventsReader,
  ) {
    this.reader = new ContextReader(target);
  }

  /** Replays up to `head` (exclusive), one page per transaction. The next is read and the last written meanwhile. */
  async until(head: number): Promise<void> {
    const begunAt = (this.begunAt ??= head);
    let page = this.read(head);
    while (this.nextSeq < head) {
      const events = await page;
      if (events.at(0)?.seq !== this.nextSeq)
        throw new Error(`events are missing from ${this.partition}:${this.nextSeq}`);
      if (events.some(({ type, seq }) => type === USER_FORGOTTEN && seq >= begunAt)) throw new ForgottenMeanwhile();
      this.nextSeq = events.at(-1)!.seq + 1;
      page = this.read(head);
      // The query is sent before this thread is busy.
      await setImmediate();
      const rows = await this.project(events);
      await this.writing;
      await this.write(rows);
    }
    await this.writing;
  }

  private read(head: number): Promise<ReplayedEvent[]> {
    if (this.nextSeq >= head) return Promise.resolve([]);
    const page = this.source.toReplay(this.partition, this.nextSeq, Math.min(PAGE, head - this.nextSeq));
    page.catch(() => undefined);
    return page;
  }

  /** Resolves when the rows are sent. `writing` resolves when Postgres has them. */
  private async write(rows: Rows): Promise<void> {
    this.cursor ??= await this.target.open(this.partition, { clusterId: '', topicId: '' });
    const nextOffset = this.cursor.nextOffset + 1;
    const none = { events: [], hashes: '', checkpoints: [], refusedPushes: [] };
    const append = this.target.prepare({
      partition: this.partition,
      from: this.cursor,
      nextOffset,
      decidedAt: 0,
      ...none,
      ...rows,
    });
    const { sent, written } = append();
    this.writing = written.then((cursor) => void (this.cursor = cursor));
    this.writing.catch(() => undefined);
    await sent;
  }

  private async project(stored: readonly ReplayedEvent[]): Promise<Rows> {
    const ofVouchers = stored.filter(({ type }) => type !== USER_FORGOTTEN);
    const events = ofVouchers.map((event) => ({ event: withFacts(event), seq: event.seq }));
    const claims = await this.claimsBefore(events.map(({ event }) => event));
    await this.learnUsers(events.map(({ event }) => event));
    const [newClaims, changedClaims] = [new Set<string>(), new Set<string>()];
    const users = new Map<string, { row: UserRow; isNew: boolean }>();
    const redemptions = new Map<string, { redemption: RedemptionRecord; isNew: boolean }>();
    const entries = new Map<string, { entry: EntryRecord; seq: number; isNew: boolean }>();
    const [vouchers, defined] = [new Set<string>(), new Set<string>()];
    for (const { event, seq } of events) {
      const state = evolve(this.states.get(event.voucherId), event);
      state.head.seq = seq;
      this.states.set(event.voucherId, state);
      vouchers.add(event.voucherId);
      if (event.type === 'voucher.defined.v1') defined.add(event.voucherId);
      if (event.reason !== undefined) continue;
      if (event.claim) {
        const isNew = event.type === 'voucher.claimed.v1';
        const before = claims.get(event.claim.claimId);
        claims.set(event.claim.claimId, {
          record: isNew ? event.claim : { ...event.claim, facts: before!.record.facts },
          claimedSeq: isNew ? seq : before!.claimedSeq,
        });
        if (isNew) newClaims.add(event.claim.claimId);
        else if (!newClaims.has(event.claim.claimId)) changedClaims.add(event.claim.claimId);
      }
      if (changesUser(event)) this.countUser(event, users);
      if (event.entry) {
        const before = entries.get(event.entry.entryId);
        const isNew = before?.isNew ?? event.type === 'voucher.waiting-list-joined.v1';
        entries.set(event.entry.entryId, { entry: event.entry, seq: before?.seq ?? seq, isNew });
      }
      if (event.redemption) {
        const { redemptionId } = event.redemption;
        const before = redemptions.get(redemptionId);
        const isNew = event.type === 'voucher.redeemed.v1' || before?.isNew === true;
        // A roll back by an earlier release does not say the discount, and its row keeps it.
        redemptions.set(redemptionId, { redemption: { ...before?.redemption, ...event.redemption }, isNew });
      }
    }
    this.trimUsers();
    const [counted, known] = [[...users.values()], [...redemptions.values()]];
    const listed = [...entries.values()];
    const rowsOf = (isNew: boolean): EntryRow[] =>
      listed.filter((one) => one.isNew === isNew).map(({ entry, seq }) => entryRow(entry, seq));
    return {
      vouchers: [...vouchers].map((id) => voucherRow(this.states.get(id)!, null, defined.has(id))),
      newClaims: [...newClaims].map((id) => claimRow(claims.get(id)!)),
      changedClaims: [...changedClaims].map((id) => claimRow(claims.get(id)!)),
      newUsers: counted.filter(({ isNew }) => isNew).map(({ row }) => row),
      changedUsers: counted.filter(({ isNew }) => !isNew).map(({ row }) => row),
      newRedemptions: known.filter(({ isNew }) => isNew).map(({ redemption }) => redemptionRow(redemption)),
      changedRedemptions: known.filter(({ isNew }) => !isNew).map(({ redemption }) => redemptionRow(redemption)),
      newEntries: rowsOf(true),
      changedEntries: rowsOf(false),
    };
  }

  private trimUsers(): void {
    let bytes = 0;
    for (const users of this.users.values()) {
      users.trim();
      bytes += users.bytes;
    }
    for (const users of this.users.values()) {
      if (bytes <= USERS_BYTES) return;
      bytes -= users.bytes;
      users.shrink();
      bytes += users.bytes;
    }
  }

  /** The changed claims that were granted on an earlier page. */
  private async claimsBefore(events: readonly VoucherEvent[]): Promise<Map<string, KnownClaim>> {
    const [granted, changed] = [new Set<string>(), new Set<string>()];
    for (const { type, claim } of events) {
      if (!claim) continue;
      if (type === 'voucher.claimed.v1') granted.add(claim.claimId);
      else if (!granted.has(claim.claimId)) changed.add(claim.claimId);
    }
    if (changed.size === 0) return new Map();
    await this.writing;
    const rows = await this.reader.claims(this.partition, [...changed]);
    return new Map(rows.map((row) => [row.claimId, knownClaim(row)]));
  }

  private usersOf(voucherId: string): VoucherUsers {
    let users = this.users.get(voucherId);
    if (!users) this.users.set(voucherId, (users = new VoucherUsers(true)));
    return users;
  }

  /** Looks up the users that are not known. */
  private async learnUsers(events: readonly VoucherEvent[]): Promise<void> {
    const maybe = events
      .filter(changesUser)
      .map((event) => ({ voucherId: event.voucherId, userId: userOf(event) }))
      .filter(({ voucherId, userId }) => !this.usersOf(voucherId).get(userId));
    if (maybe.length === 0) return;
    await this.writing;
    const rows = await this.reader.users(this.partition, maybe);
    const found = new Map(rows.map((row) => [`${row.voucherId} ${row.userId}`, row]));
    for (const { voucherId, userId } of maybe)
      this.usersOf(voucherId).learn(userId, found.get(`${voucherId} ${userId}`));
  }

  private countUser(event: VoucherEvent, changed: Map<string, { row: UserRow; isNew: boolean }>): void {
    const { voucherId } = event;
    const userId = userOf(event);
    const known = this.usersOf(voucherId);
    const before = known.get(userId)!;
    const row = { voucherId, userId, pushed: before.pushed, claims: before.claims };
    count(row, event);
    known.wrote(userId, row);
    const key = `${voucherId} ${userId}`;
    changed.set(key, { row, isNew: before === NEW_USER || changed.get(key)?.isNew === true });
  }
}

function withFacts(stored: ReplayedEvent): VoucherEvent {
  const event = eventOf(stored);
  if (stored.type === 'voucher.claimed.v1' && stored.facts !== null)
    event.claim!.facts = JSON.parse(stored.facts) as Facts;
  return event;
}

const userOf = (event: VoucherEvent): string => event.claim?.userId ?? event.userId!;
const isReturned = ({ claim, before }: VoucherEvent): boolean => claim?.state === 'released' && before !== 'released';

function changesUser(event: VoucherEvent): boolean {
  if (event.reason !== undefined) return false;
  return event.type === 'voucher.pushed.v1' || event.type === 'voucher.claimed.v1' || isReturned(event);
}

function count(user: UserRow, event: VoucherEvent): void {
  if (event.type === 'voucher.pushed.v1') user.pushed = true;
  else if (event.type === 'voucher.claimed.v1') user.claims += 1;
  else if (isReturned(event)) user.claims -= 1;
}
