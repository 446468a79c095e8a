// Loads missing knowledge from Postgres: one query per kind for a whole batch, and no query for most batches. Changes
// of unwritten batches are applied to the loaded rows.
import { partitionOf } from '@vouchers/contracts';
import type { ClaimRow, ContextReader, UserRow } from '@vouchers/event-store';
import { dueAt, needsOf, type Input, type Need } from '@vouchers/voucher';
import { DUE_LOADED } from './due.claims.ts';
import type { KnownClaim } from './known.claim.ts';
import type { KnownVoucher } from './known.voucher.ts';
import type { PartitionKnowledge } from './partition.knowledge.ts';
import { knownClaim, redemptionRecord, voucherState } from './projection.rows.ts';
import type { UsersReader } from './users.reader.ts';

/**
 * The claims that are loaded at once while a termination revokes them, besides those that unwritten batches change.
 */
const REVOCABLE_LOADED = 20_000;

/** The needs of several records without duplicates. */
export class Wanted {
  readonly claims = new Set<string>();
  readonly redemptions = new Set<string>();
  readonly users = new Map<KnownVoucher, Set<string>>();
  readonly due = new Set<KnownVoucher>();
  readonly revocable = new Set<KnownVoucher>();

  /** Adds the needs of a decision that are not known yet. */
  addNeedsOf(voucher: KnownVoucher, input: Input): void {
    for (const need of needsOf(voucher.state, voucher, input)) this.add(voucher, need);
  }

  private add(voucher: KnownVoucher, need: Need): void {
    switch (need.what) {
      case 'claim':
        return void this.claims.add(need.id);
      case 'redemption':
        return void this.redemptions.add(need.id);
      case 'user':
        return this.addUser(voucher, need.id);
      case 'due':
        return void this.due.add(voucher);
      case 'live':
        return void this.revocable.add(voucher);
      default:
        return need satisfies never;
    }
  }

  private addUser(voucher: KnownVoucher, userId: string): void {
    const users = this.users.get(voucher);
    if (users) users.add(userId);
    else this.users.set(voucher, new Set([userId]));
  }

  get isEmpty(): boolean {
    const { claims, redemptions, users, due, revocable } = this;
    return claims.size + redemptions.size + users.size + due.size + revocable.size === 0;
  }
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
    private readonly partition: number,
    private readonly knowledge: PartitionKnowledge,
    private readonly reader: ContextReader,
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
      ([claimId, { record }]) => dueAt(record) !== undefined && (last === undefined || claimId < last),
    );
    voucher.revocable = { claims: new Map(live.sort(byId)), complete };
  }
}

/** Claims of Postgres with the changes of unwritten batches. */
function newest(rows: ClaimRow[], unwritten: ReadonlyMap<string, KnownClaim>): Map<string, KnownClaim> {
  const claims = new Map(rows.map((row) => [row.claimId, knownClaim(row)]));
  for (const [claimId, claim] of unwritten) claims.set(claimId, claim);
  return claims;
}

const byId = ([a]: [string, KnownClaim], [b]: [string, KnownClaim]): number => (a < b ? -1 : 1);
