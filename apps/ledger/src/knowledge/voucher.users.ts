// A voucher's users. All of them are in memory if they fit. Otherwise a filter is in memory that recognises most new
// users. Until they are read, or if the filter does not fit either, each user is looked up in Postgres.
import type { UserRecord } from '@vouchers/voucher';
import { BloomFilter } from './bloom.filter.ts';
import { Recent } from './recent.ts';

/** The entry of a user without a row. */
export const NEW_USER: UserRecord = { pushed: false, claims: 0 };

/** Bytes per user in addition to the id, which takes one or two bytes per character. */
const BYTES_PER_USER = 80;
const RECENT_USERS = 2_000;
const RECENT_BYTES = 200;

export const bytesOfUser = (userId: string): number => BYTES_PER_USER + 2 * userId.length;

export class VoucherUsers {
  /** All users by id. A value is claims × 2 + pushed. */
  private exact: Map<string, number> | undefined;
  private filter: BloomFilter | undefined;
  private gathering: Map<string, number> | BloomFilter | undefined;
  /** Users that were looked up while not all are in memory. */
  private recent = new Recent<number>(RECENT_USERS);
  private exactBytes = 0;
  /** Users that are being looked up for the next batch. A user that a batch writes meanwhile is no longer among them. */
  private ahead = new Set<string>();

  /** @param none true if the voucher has no users yet, so that all are known */
  constructor(none: boolean) {
    if (none) this.exact = new Map();
  }

  /** Undefined if the user may have a row, so that Postgres must be asked. */
  get(userId: string): UserRecord | undefined {
    const known = this.exact ? this.exact.get(userId) : this.recent.get(userId);
    if (known !== undefined) return decoded(known);
    return this.exact || (this.filter && !this.filter.mayHave(userId)) ? NEW_USER : undefined;
  }

  /** Remembers a user's row. */
  learn(userId: string, known: UserRecord = NEW_USER): void {
    if (!this.exact) this.recent.set(userId, encoded(known));
  }

  /** Says that a user is being looked up while a batch is decided that may change it. */
  askAhead(userId: string): void {
    this.ahead.add(userId);
  }

  /** Remembers the row of a user that was looked up ahead, unless a batch has written the user since. */
  learnAhead(userId: string, known?: UserRecord): void {
    if (this.ahead.delete(userId)) this.learn(userId, known);
  }

  /** Takes a user after a committed batch. */
  wrote(userId: string, known: UserRecord): void {
    this.ahead.delete(userId);
    if (!this.exact) this.recent.set(userId, encoded(known));
    if (this.exact) this.put(this.exact, userId, encoded(known));
    else if (this.filter) addTo(this.filter, userId);
    if (this.gathering instanceof Map) this.gathering.set(userId, encoded(known));
    else if (this.gathering) addTo(this.gathering, userId);
  }

  /** Begins to gather all rows, or ids for a filter. */
  gather(into: Map<string, number> | BloomFilter): void {
    this.gathering = into;
  }

  /** Adds a user that was read. If a batch changed the user meanwhile, memory is newer. */
  gathered(userId: string, known: UserRecord = NEW_USER): void {
    const { gathering } = this;
    if (gathering instanceof Map) {
      if (!gathering.has(userId)) gathering.set(userId, encoded(known));
    } else if (gathering) gathering.add(userId);
  }

  /** Ends the gathering when all users are read. */
  complete(): void {
    if (this.gathering instanceof Map) {
      this.exact = this.gathering;
      this.exactBytes = [...this.exact.keys()].reduce((sum, userId) => sum + bytesOfUser(userId), 0);
    } else this.filter = this.gathering;
    this.gathering = undefined;
  }

  /** Ends the gathering before all users are read. */
  giveUp(): void {
    this.gathering = undefined;
  }

  /** Whether all users are in memory. */
  get knowsAll(): boolean {
    return this.exact !== undefined;
  }

  /** Whether all users or a filter are in memory. */
  get isRead(): boolean {
    return this.exact !== undefined || this.filter !== undefined;
  }

  /** All users, if all are in memory. */
  *all(): Generator<[userId: string, known: UserRecord]> {
    for (const [userId, value] of this.exact ?? []) yield [userId, decoded(value)];
  }

  /** Replaces the rows by a filter, or removes the filter. @returns whether it is smaller now */
  shrink(): boolean {
    if (!this.exact) {
      if (!this.filter) return false;
      this.filter = undefined;
      return true;
    }
    const filter = new BloomFilter(this.exact.size * 2);
    if (filter.bytes >= this.exactBytes) return false;
    for (const userId of this.exact.keys()) filter.add(userId);
    this.filter = filter;
    this.exact = undefined;
    this.exactBytes = 0;
    return true;
  }

  trim(): void {
    this.recent.trim();
  }

  get bytes(): number {
    return this.exactBytes + (this.filter?.bytes ?? 0) + this.recent.size * RECENT_BYTES;
  }

  private put(exact: Map<string, number>, userId: string, value: number): void {
    const before = exact.size;
    exact.set(userId, value);
    if (exact.size > before) this.exactBytes += bytesOfUser(userId);
  }
}

const encoded = ({ claims, pushed }: UserRecord): number => claims * 2 + (pushed ? 1 : 0);

const decoded = (value: number): UserRecord => ({ pushed: (value & 1) === 1, claims: value >> 1 });

function addTo(filter: BloomFilter, userId: string): void {
  if (!filter.mayHave(userId)) filter.add(userId);
}
