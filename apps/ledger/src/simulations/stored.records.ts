// The claims, redemptions, entries and users of one world of a long history. Memory has a limited number of them; the
// rest is in the working table. All of its statements go over one connection, so a load sees every write before it.
import type { RecordKind, SimulationRecords, WorldRecord } from '@vouchers/event-store/history';
import {
  isAhead,
  isRevocable,
  SLICE,
  takenOffOf,
  type ClaimRecord,
  type EntryRecord,
  type Knowledge,
  type Need,
  type TakenOff,
  type UserRecord,
  type WorldRecords,
} from '@vouchers/voucher';
import { DUE_LOADED } from '../knowledge/dues.ts';
import { WAITING_LOADED } from '../knowledge/waiting.list.ts';
import { KnownRecords } from './known.records.ts';
import { isLiveEntry, UnwrittenRecords, userRow } from './unwritten.records.ts';

/** Records are written when so many have changed. */
const WRITTEN_AT_ONCE = 500;
/** Loaded records leave memory after so many settlements, even if nothing changed. */
const SETTLEMENTS = 20;
/** The claims or offers that are loaded at once while a termination revokes or withdraws them. */
const LIVE_LOADED = 2 * SLICE;
/** The text of records after which older ones leave memory. Objects take about three times as much. */
const RECENT_CHARACTERS = 4_000_000;
/** Users above this part of the memory leave it, but for a filter. Each of the two worlds has so many. */
const USERS_SHARE = 1 / 8;

export class StoredRecords extends KnownRecords implements WorldRecords {
  private readonly table: SimulationRecords;
  private readonly usersBytes: number;
  private writing: Promise<void> = Promise.resolve();
  private characters = 0;
  private settlements = 0;

  /** @param bytes the memory of the whole simulation */
  constructor(table: SimulationRecords, bytes: number) {
    super();
    this.table = table;
    this.usersBytes = bytes * USERS_SHARE;
  }

  get knowledge(): Knowledge {
    return this;
  }

  settle(): Promise<void> | undefined {
    this.revocable = undefined;
    this.list.keepOffers();
    this.list.trim();
    const isCrowded = this.users.knowsAll && this.users.bytes > this.usersBytes;
    this.settlements += 1;
    const isDue = this.unwritten.size >= WRITTEN_AT_ONCE || this.settlements >= SETTLEMENTS;
    return isCrowded || isDue ? this.write(isCrowded) : undefined;
  }

  /** Sends what changed. The write before it must be done, so that no more than one waits. */
  private async write(isCrowded: boolean): Promise<void> {
    await this.writing;
    if (isCrowded) await this.writeUsers();
    this.settlements = 0;
    const records = this.unwritten.records();
    this.unwritten = new UnwrittenRecords();
    if (records.length > 0) this.writing = this.table.write(records);
    this.writing.catch(() => undefined); // the next write throws it
    for (const { kind, value } of records) if (kind !== 'user') this.characters += value.length;
    if (this.characters > RECENT_CHARACTERS) {
      this.characters = 0;
      this.claims.trim();
      this.redemptions.trim();
    }
    this.users.trim();
  }

  private async writeUsers(): Promise<void> {
    let records: WorldRecord[] = [];
    for (const [userId, user] of this.users.all()) {
      if (records.push(userRow(userId, user)) < SLICE) continue;
      await this.table.write(records);
      records = [];
    }
    await this.table.write(records);
    this.users.shrink();
  }

  load(needs: readonly Need[]): Promise<void> | undefined {
    return needs.length === 0 ? undefined : this.loadAll(needs);
  }

  private async loadAll(needs: readonly Need[]): Promise<void> {
    await this.writing;
    const wanted = { claims: new Set<string>(), redemptions: new Set<string>(), users: new Set<string>() };
    const entriesOf = new Set<string>();
    const others = new Map<Need['what'], Need>();
    for (const need of needs) {
      if (need.what === 'claim') wanted.claims.add(need.id);
      else if (need.what === 'redemption') wanted.redemptions.add(need.id);
      else if (need.what === 'user') wanted.users.add(need.id);
      else if (need.what === 'entry') entriesOf.add(need.userId);
      else if (need.what !== 'waiting') others.set(need.what, need);
      else if (need.count > ((others.get('waiting') as typeof need | undefined)?.count ?? 0))
        others.set('waiting', need);
    }
    await this.loadById('claim', wanted.claims, this.claims);
    await this.loadById('redemption', wanted.redemptions, this.redemptions);
    await this.loadUsers(wanted.users);
    await this.loadEntriesOf(entriesOf);
    for (const need of others.values()) await this.loadOther(need);
  }

  private async loadById<T>(
    kind: RecordKind,
    ids: ReadonlySet<string>,
    known: { get(id: string): T | null | undefined; set(id: string, value: T | null): void },
  ): Promise<void> {
    const unknown = [...ids].filter((id) => known.get(id) === undefined);
    if (unknown.length === 0) return;
    const found = await this.table.byId(kind, unknown);
    for (const id of unknown) {
      const value = found.get(id);
      if (value !== undefined) this.characters += value.length;
      known.set(id, value === undefined ? null : (JSON.parse(value) as T));
    }
  }

  private async loadUsers(ids: ReadonlySet<string>): Promise<void> {
    const unknown = [...ids].filter((id) => !this.knowsUser(id));
    if (unknown.length === 0) return;
    const found = await this.table.byId('user', unknown);
    for (const id of unknown) {
      const value = found.get(id);
      this.users.learn(id, value === undefined ? undefined : (JSON.parse(value) as UserRecord));
    }
  }

  private async loadEntriesOf(userIds: ReadonlySet<string>): Promise<void> {
    if (userIds.size === 0) return;
    const found = this.newestEntries(await this.table.entriesOf([...userIds])).filter(isLiveEntry);
    const live = new Map(found.map((entry) => [entry.userId, entry]));
    for (const userId of userIds) this.list.learn(userId, live.get(userId) ?? null);
  }

  private async loadOther(need: Need): Promise<void> {
    switch (need.what) {
      case 'due':
        await this.loadDue();
        return this.list.offers.first === undefined ? this.loadOffers() : undefined;
      case 'live':
        return this.loadRevocable();
      case 'waiting':
        return this.loadWaiting(need.count);
      case 'due offers':
        return this.loadOffers();
      case 'offered':
        return this.loadOffered();
      case 'taken off':
        return this.countTakenOff(need);
      default:
        throw new Error(`${need.what} is loaded by its id`);
    }
  }

  private async loadDue(): Promise<void> {
    const limit = DUE_LOADED + this.unwritten.claims.size;
    const rows = await this.table.firstDue('claim', limit);
    const last = rows.length < limit ? undefined : (JSON.parse(rows.at(-1)!) as ClaimRecord);
    this.dues.refill(this.newestClaims(rows).values(), last);
  }

  private async loadRevocable(): Promise<void> {
    const limit = LIVE_LOADED + this.unwritten.claims.size;
    const rows = await this.table.firstLive('claim', limit);
    const last = rows.length < limit ? undefined : (JSON.parse(rows.at(-1)!) as ClaimRecord).claimId;
    const live = [...this.newestClaims(rows)]
      .filter(([id, claim]) => isRevocable(claim) && (last === undefined || id < last))
      .sort(([one], [other]) => (one < other ? -1 : 1));
    this.revocable = { claims: new Map(live), complete: last === undefined };
  }

  private async loadWaiting(count: number): Promise<void> {
    const limit = Math.max(count, WAITING_LOADED) + this.unwritten.entries.size;
    const rows = await this.table.waiting(limit);
    const last = rows.length < limit ? undefined : (JSON.parse(rows.at(-1)!) as EntryRecord);
    this.list.refillLine(
      this.newestEntries(rows).filter(({ state }) => state === 'waiting'),
      last,
    );
  }

  private async loadOffers(): Promise<void> {
    const limit = DUE_LOADED + this.unwritten.entries.size;
    const rows = await this.table.firstDue('entry', limit);
    const last = rows.length < limit ? undefined : (JSON.parse(rows.at(-1)!) as EntryRecord);
    this.list.refillOffers(this.newestEntries(rows), last);
  }

  private async loadOffered(): Promise<void> {
    const limit = LIVE_LOADED + this.unwritten.entries.size;
    const rows = await this.table.firstLive('entry', limit);
    const last = rows.length < limit ? undefined : (JSON.parse(rows.at(-1)!) as EntryRecord).entryId;
    this.list.refillOffered(this.newestEntries(rows), last);
  }

  /** Counts page by page, since they may be more than fit memory. */
  private async countTakenOff(asked: TakenOff): Promise<void> {
    let count = 0;
    for (let after: EntryRecord | undefined = asked.after; after !== undefined;) {
      const rows = await this.table.waiting(SLICE, after);
      const last: EntryRecord | undefined = rows.length < SLICE ? undefined : (JSON.parse(rows.at(-1)!) as EntryRecord);
      const from: EntryRecord = after;
      const line = this.newestEntries(rows)
        .filter((entry) => entry.state === 'waiting' && isAhead(from, entry) && !(last && isAhead(last, entry)))
        .sort((one, other) => (isAhead(one, other) ? -1 : 1));
      await this.loadUsers(new Set(line.map(({ userId }) => userId)));
      const taken = takenOffOf(line, { ...asked, after: from }, (userId) => this.users.get(userId)!.claims);
      count += taken;
      after = taken < line.length ? undefined : last;
    }
    this.counted = { ...asked, count };
  }

  /** Claims of the table with what is not written yet. */
  private newestClaims(rows: readonly string[]): Map<string, ClaimRecord> {
    const read = rows.map((value) => JSON.parse(value) as ClaimRecord);
    return new Map([...read.map((claim) => [claim.claimId, claim] as const), ...this.unwritten.claims]);
  }

  private newestEntries(rows: readonly string[]): EntryRecord[] {
    const read = rows.map((value) => JSON.parse(value) as EntryRecord);
    return [...new Map([...read.map((entry) => [entry.entryId, entry] as const), ...this.unwritten.entries]).values()];
  }
}
