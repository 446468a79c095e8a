// Loads missing knowledge from Postgres: one query per kind for a whole batch, and no query for most batches. Changes
// of unwritten batches are applied to the loaded rows.
import { partitionOf } from '@vouchers/contracts';
import type { ClaimRow, ContextReader, UserRow } from '@vouchers/event-store';
import {
  allNeedsOf,
  isRevocable,
  missingIn,
  needsOf,
  type EntryRecord,
  type Input,
  type Need,
  type TakenOff,
} from '@vouchers/voucher';
import { DUE_LOADED } from './dues.ts';
import type { KnownClaim } from './known.claim.ts';
import type { KnownVoucher } from './known.voucher.ts';
import type { PartitionKnowledge } from './partition.knowledge.ts';
import { entryRecord, knownClaim, newestEntries, redemptionRecord, voucherState } from './projection.rows.ts';
import { countTakenOff } from './taken.off.ts';
import type { UsersReader } from './users.reader.ts';
import { WAITING_LOADED } from './waiting.list.ts';

/**
 * The claims that are loaded at once while a termination revokes them, and the offers while they are withdrawn, besides
 * those that unwritten batches change.
 */
const REVOCABLE_LOADED = 20_000;

/** The needs of several records without duplicates. */
export class Wanted {
  readonly claims = new Set<string>();
  readonly redemptions = new Set<string>();
  readonly users = new Map<KnownVoucher, Set<string>>();
  readonly due = new Set<KnownVoucher>();
  readonly revocable = new Set<KnownVoucher>();
  readonly entries = new Map<KnownVoucher, Set<string>>();
  /** The number of waiting entries. */
  readonly waiting = new Map<KnownVoucher, number>();
  readonly dueOffers = new Set<KnownVoucher>();
  readonly offered = new Set<KnownVoucher>();
  readonly takenOff = new Map<KnownVoucher, TakenOff>();

  /** Adds the needs of a decision that are not known yet. */
  addNeedsOf(voucher: KnownVoucher, input: Input): void {
    for (const need of needsOf(voucher.state, voucher, input)) this.add(voucher, need);
  }

  /** The same, completely: what is offered to one user decides what must be known about the next. */
  addAllNeedsOf(voucher: KnownVoucher, input: Input): void {
    for (const need of allNeedsOf(voucher.state, voucher, input)) this.add(voucher, need);
  }

  /** Adds what this decision lacks. */
  addMissingIn(voucher: KnownVoucher, decision: () => unknown): void {
    for (const need of missingIn(voucher, decision)) this.add(voucher, need);
  }

  private add(voucher: KnownVoucher, need: Need): void {
    switch (need.what) {
      case 'claim':
        return void this.claims.add(need.id);
      case 'redemption':
        return void this.redemptions.add(need.id);
      case 'user':
        return addTo(this.users, voucher, need.id);
      case 'due':
        return void this.due.add(voucher);
      case 'live':
        return void this.revocable.add(voucher);
      case 'entry':
        return addTo(this.entries, voucher, need.userId);
      case 'waiting':
        return void this.waiting.set(voucher, Math.max(need.count, this.waiting.get(voucher) ?? 0));
      case 'due offers':
        return void this.dueOffers.add(voucher);
      case 'offered':
        return void this.offered.add(voucher);
      case 'taken off':
        return void this.takenOff.set(voucher, need);
      default:
        return need satisfies never;
    }
  }

  get isEmpty(): boolean {
    const { claims, redemptions, users, due, revocable, entries, waiting, dueOffers, offered, takenOff } = this;
    const sets = [claims, redemptions, users, due, revocable, entries, waiting, dueOffers, offered, takenOff];
    return sets.every(({ size }) => size === 0);
  }
}

function addTo(users: Map<KnownVoucher, Set<string>>, voucher: KnownVoucher, userId: string): void {
  const known = users.get(voucher);
  if (known) known.add(userId);
  else users.set(voucher, new Set([userId]));
}

type WantedUsers = Wanted['users'];

/** The rows of users, by voucher and user. Users without a row are not among them. */
type UserRows = ReadonlyMap<string, UserRow>;

export class KnowledgeLoader {
  /** Whether users were looked up for the present batch. */
  hasAskedForUsers = false;
  /** The users that are being looked up for the next batch. */
  private ahead: { users: WantedUsers; rows: Promise<UserRows> } | undefined;

  constructor(
    readonly partition: number,
    readonly knowledge: PartitionKnowledge,
    readonly reader: ContextReader,
    private readonly usersReader: UsersReader,
  ) {}

  async vouchers(voucherIds: Iterable<string>): Promise<void> {
    const missing = [...new Set(voucherIds)].filter((id) => !this.knowledge.voucher(id));
    if (missing.length === 0) return;
    const rows = new Map((await this.reader.vouchers(this.partition, missing)).map((row) => [row.voucherId, row]));
    for (const voucherId of missing) {
      const row = rows.get(voucherId);
      const stored = row && {
        state: voucherState(row),
        firstDueAt: row.firstDueAt,
        definitionLength: row.definition.length,
        eventsSinceCheckpoint: row.eventsSinceCheckpoint,
      };
      this.knowledge.learnVoucher(voucherId, stored);
    }
  }

  async load(wanted: Wanted): Promise<void> {
    await Promise.all([
      this.loadClaims([...wanted.claims]),
      this.loadRedemptions([...wanted.redemptions]),
      this.loadUsers(wanted.users),
      ...[...wanted.due].map((voucher) => this.loadDue(voucher)),
      ...[...wanted.revocable].map((voucher) => this.loadRevocable(voucher)),
      this.loadEntries(wanted.entries),
      ...[...wanted.waiting].map(([voucher, count]) => this.loadWaiting(voucher, count)),
      ...[...wanted.dueOffers].map((voucher) => this.loadOffers(voucher)),
      ...[...wanted.offered].map((voucher) => this.loadOffered(voucher)),
      ...[...wanted.takenOff].map(([voucher, asked]) => countTakenOff(voucher, asked, this)),
    ]);
  }

  /** Loads whether these submissions were decided. */
  async decided(submissionIds: Iterable<string>): Promise<void> {
    const unknown = [...submissionIds].filter((id) => this.knowledge.wasDecided(id) === undefined);
    if (unknown.length === 0) return;
    const decided = await this.reader.decided(this.partition, unknown);
    for (const id of unknown) this.knowledge.learnDecided(id, decided.has(id));
  }

  private async loadClaims(ids: string[]): Promise<void> {
    const here = await this.ofPartition(ids, (own) => this.reader.claims(this.partition, own));
    const found = new Map(here.map((row) => [row.claimId, knownClaim(row)]));
    for (const id of ids) this.knowledge.learnClaim(id, found.get(id) ?? null);
  }

  private async loadRedemptions(ids: string[]): Promise<void> {
    const here = await this.ofPartition(ids, (own) => this.reader.redemptions(this.partition, own));
    const found = new Map(here.map((row) => [row.redemptionId, redemptionRecord(row)]));
    for (const id of ids) this.knowledge.learnRedemption(id, found.get(id) ?? null);
  }

  /** Reads the rows of ids that contain this partition. Others cannot have a row here. */
  private ofPartition<T>(ids: string[], read: (own: string[]) => Promise<T[]>): Promise<T[]> {
    const own = ids.filter((id) => partitionOf(id) === this.partition);
    return own.length === 0 ? Promise.resolve([]) : read(own);
  }

  /** Begins to look up users of the next batch. Their answers are learnt by `learnAhead`. */
  usersAhead({ users }: Wanted): void {
    if (users.size === 0) return;
    for (const [voucher, ids] of users) for (const userId of ids) voucher.users.askAhead(userId);
    const rows = this.userRows(users);
    rows.catch(() => undefined); // `learnAhead` throws it
    this.ahead = { users, rows };
  }

  /** Learns the users that were looked up ahead. What a batch has written since is newer, and stays. */
  async learnAhead(): Promise<void> {
    const { ahead } = this;
    this.hasAskedForUsers = ahead !== undefined;
    if (!ahead) return;
    this.ahead = undefined;
    this.learnUsers(ahead.users, await ahead.rows, (voucher, userId, row) => voucher.users.learnAhead(userId, row));
  }

  private async loadUsers(users: WantedUsers): Promise<void> {
    if (users.size === 0) return;
    this.hasAskedForUsers = true;
    this.learnUsers(users, await this.userRows(users), (voucher, userId, row) => voucher.users.learn(userId, row));
  }

  private async userRows(users: WantedUsers): Promise<UserRows> {
    const pairs = [...users].flatMap(([{ voucherId }, ids]) => [...ids].map((userId) => ({ voucherId, userId })));
    const rows = await this.reader.users(this.partition, pairs);
    return new Map(rows.map((row) => [`${row.voucherId} ${row.userId}`, row]));
  }

  private learnUsers(
    users: WantedUsers,
    rows: UserRows,
    learn: (voucher: KnownVoucher, userId: string, row?: UserRow) => void,
  ): void {
    for (const [voucher, ids] of users) {
      for (const userId of ids) learn(voucher, userId, rows.get(`${voucher.voucherId} ${userId}`));
      // Users are looked up one by one until all of them are read.
      this.usersReader.begin(this.partition, voucher, ids.size);
    }
  }

  private async loadDue(voucher: KnownVoucher): Promise<void> {
    const unwritten = this.knowledge.unwrittenClaims(voucher);
    const limit = DUE_LOADED + unwritten.size;
    const rows = await this.reader.firstDue(this.partition, voucher.voucherId, limit);
    const last = rows.length < limit ? undefined : knownClaim(rows.at(-1)!);
    voucher.dues.refill(newest(rows, unwritten).values(), last);
  }

  private async loadRevocable(voucher: KnownVoucher): Promise<void> {
    const unwritten = this.knowledge.unwrittenClaims(voucher);
    const limit = REVOCABLE_LOADED + unwritten.size;
    const rows = await this.reader.live(this.partition, voucher.voucherId, limit);
    const complete = rows.length < limit;
    const last = complete ? undefined : rows.at(-1)!.claimId;
    const live = [...newest(rows, unwritten)].filter(
      ([claimId, { record }]) => isRevocable(record) && (last === undefined || claimId < last),
    );
    voucher.revocable = { claims: new Map(live.sort(byId)), complete };
  }

  private async loadEntries(users: ReadonlyMap<KnownVoucher, ReadonlySet<string>>): Promise<void> {
    if (users.size === 0) return;
    const pairs = [...users].flatMap(([{ voucherId }, ids]) => [...ids].map((userId) => ({ voucherId, userId })));
    // Read before the query: a batch that is written meanwhile may be missing in its result.
    const unwritten = new Map([...users.keys()].map((voucher) => [voucher, this.knowledge.unwrittenEntries(voucher)]));
    const rows = await this.reader.liveEntries(this.partition, pairs);
    for (const [voucher, ids] of users) {
      const own = rows.filter(({ voucherId }) => voucherId === voucher.voucherId);
      const entries = newestEntries(own, unwritten.get(voucher)!).filter(isLive);
      const live = new Map(entries.map((entry) => [entry.userId, entry]));
      for (const userId of ids) voucher.waitingList.learn(userId, live.get(userId) ?? null);
    }
  }

  private async loadWaiting(voucher: KnownVoucher, count: number): Promise<void> {
    const unwritten = this.knowledge.unwrittenEntries(voucher);
    const limit = Math.max(count, WAITING_LOADED) + unwritten.size;
    const rows = await this.reader.waiting(this.partition, voucher.voucherId, limit);
    const last = rows.length < limit ? undefined : entryRecord(rows.at(-1)!);
    const waiting = newestEntries(rows, unwritten).filter(({ state }) => state === 'waiting');
    voucher.waitingList.refillLine(waiting, last);
  }

  private async loadOffers(voucher: KnownVoucher): Promise<void> {
    const unwritten = this.knowledge.unwrittenEntries(voucher);
    const limit = DUE_LOADED + unwritten.size;
    const rows = await this.reader.firstOffers(this.partition, voucher.voucherId, limit);
    const last = rows.length < limit ? undefined : entryRecord(rows.at(-1)!);
    voucher.waitingList.refillOffers(newestEntries(rows, unwritten), last);
  }

  private async loadOffered(voucher: KnownVoucher): Promise<void> {
    const unwritten = this.knowledge.unwrittenEntries(voucher);
    const limit = REVOCABLE_LOADED + unwritten.size;
    const rows = await this.reader.offered(this.partition, voucher.voucherId, limit);
    const last = rows.length < limit ? undefined : rows.at(-1)!.entryId;
    voucher.waitingList.refillOffered(newestEntries(rows, unwritten), last);
  }
}

const isLive = ({ state }: EntryRecord): boolean => state === 'waiting' || state === 'offered';

/** Claims of Postgres with the changes of unwritten batches. */
function newest(rows: ClaimRow[], unwritten: ReadonlyMap<string, KnownClaim>): Map<string, KnownClaim> {
  const claims = new Map(rows.map((row) => [row.claimId, knownClaim(row)]));
  for (const [claimId, claim] of unwritten) claims.set(claimId, claim);
  return claims;
}

const byId = ([a]: [string, KnownClaim], [b]: [string, KnownClaim]): number => (a < b ? -1 : 1);
