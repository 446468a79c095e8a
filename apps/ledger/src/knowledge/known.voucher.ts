// One voucher in the memory of its partition's owner. It answers the questions of a decision and takes its changes.
import {
  hasOffersToWithdraw,
  isRevocable,
  liveEntries,
  SLICE,
  type ClaimRecord,
  type EntryRecord,
  type Knowledge,
  type RedemptionRecord,
  type TakenOff,
  type UserRecord,
} from '@vouchers/voucher';
import type { VoucherState } from '@vouchers/voucher';
import { DueClaims } from './due.claims.ts';
import type { KnownClaim } from './known.claim.ts';
import type { Keeper, KnowledgeBudget } from './knowledge.budget.ts';
import { VoucherUsers } from './voucher.users.ts';
import { WaitingList } from './waiting.list.ts';

/** The bytes of a voucher's maps, counters and parsed conditions. */
const BYTES_PER_VOUCHER = 4_000;
const BYTES_PER_CLAIM = 700;
const BYTES_PER_ENTRY = 500;
const NOTHING: readonly ClaimRecord[] = [];
/** A definition takes this many times the bytes of its text. */
const OBJECT_PER_TEXT = 3;

/** A voucher's row in Postgres. */
export interface StoredVoucher {
  state: VoucherState;
  /** The earliest due time of its claims (Unix ms), or null. */
  firstDueAt: number | null;
  /** The length of its definition as text. Unit: characters. */
  definitionLength: number;
  eventsSinceCheckpoint: number;
}

/** The partition's part. It keeps claims and redemptions, because a submission may name those of another voucher. */
export interface VoucherKeeper {
  readonly budget: KnowledgeBudget;
  claim(claimId: string): KnownClaim | null | undefined;
  redemption(redemptionId: string): RedemptionRecord | null | undefined;
  /** The user after the unwritten batches. Undefined if they do not change the user. */
  unwrittenUser(voucher: KnownVoucher, userId: string): UserRecord | undefined;
  forget(voucher: KnownVoucher): void;
}

export class KnownVoucher implements Knowledge, Keeper {
  state: VoucherState | undefined;
  users: VoucherUsers;
  dues: DueClaims;
  /**
   * Held and locked claims by id while a termination revokes them, without reserved ones. `complete` means that
   * Postgres has no others.
   */
  revocable: { claims: Map<string, KnownClaim>; complete: boolean } | undefined;
  /** Undefined until an entry is asked for or changed. Vouchers without a waiting list have none. */
  private list: WaitingList | undefined;
  /** The last answer to `takenOff`, and the state for which it holds. */
  counted: (TakenOff & { state: VoucherState | undefined; count: number }) | undefined;
  /** The time of the last tick that judged its nodes without a change. */
  judgedAt: number | undefined;
  /** True if Postgres has an older definition. */
  definitionChanged = false;
  eventsSinceCheckpoint: number;
  bytes = 0;
  pins = 0;
  /** The last user. A decision reads the same user several times. */
  private lastUserId: string | undefined;
  private lastUser: UserRecord | undefined;
  isForgotten = false;
  /** The length of the definition as text. Unit: characters. */
  definitionLength: number;

  constructor(
    readonly voucherId: string,
    private readonly partition: VoucherKeeper,
    stored: StoredVoucher | undefined,
  ) {
    this.state = stored?.state;
    const { pushed = 0, claimed = 0 } = stored?.state.counters ?? {};
    // Without pushes and claims, the voucher has no users in Postgres.
    this.users = new VoucherUsers(pushed + claimed === 0);
    this.dues = new DueClaims(stored?.firstDueAt ?? null);
    this.eventsSinceCheckpoint = stored?.eventsSinceCheckpoint ?? 0;
    this.definitionLength = stored?.definitionLength ?? 0;
  }

  /** Call it when a batch changes a user. */
  userChanged(): void {
    this.lastUser = undefined;
  }

  claim(claimId: string): ClaimRecord | null | undefined {
    const known = this.partition.claim(claimId);
    return known && known.record;
  }

  redemption(redemptionId: string): RedemptionRecord | null | undefined {
    const known = this.partition.redemption(redemptionId);
    return known?.voucherId === this.voucherId || known == null ? known : null;
  }

  user(userId: string): UserRecord | undefined {
    if (userId === this.lastUserId && this.lastUser) return this.lastUser;
    this.lastUserId = userId;
    return (this.lastUser = this.partition.unwrittenUser(this, userId) ?? this.users.get(userId));
  }

  /** If all users are in memory, this needs no look-up. */
  knowsUser(userId: string): boolean {
    return this.users.knowsAll || this.user(userId) !== undefined;
  }

  due(time: number): readonly ClaimRecord[] | undefined {
    const due = this.dues.until(time);
    return due && (due.length === 0 ? NOTHING : due.map(({ record }) => record));
  }

  live(): ClaimRecord[] | undefined {
    const { revocable } = this;
    if (!revocable || (revocable.claims.size < SLICE && !revocable.complete)) return undefined;
    return [...revocable.claims.values().take(SLICE)].map(({ record }) => record);
  }

  /** The entries on its waiting list. */
  get waitingList(): WaitingList {
    return (this.list ??= new WaitingList(this.state === undefined || liveEntries(this.state) === 0));
  }

  entryOf(userId: string): EntryRecord | null | undefined {
    return this.waitingList.entryOf(userId);
  }

  waiting(count: number): readonly EntryRecord[] | undefined {
    return this.waitingList.waiting(count);
  }

  dueOffers(time: number): readonly EntryRecord[] | undefined {
    return this.waitingList.offers.until(time);
  }

  offered(): readonly EntryRecord[] | undefined {
    return this.waitingList.offered();
  }

  takenOff({ after, spared }: TakenOff): number | undefined {
    const { counted } = this;
    if (counted?.state !== this.state || counted?.spared !== spared) return undefined;
    return counted?.after.entryId === after.entryId ? counted.count : undefined;
  }

  /** No offer lapses before this time. Infinity if none ever does. */
  get firstLapse(): number {
    return this.state && this.state.counters.offered > 0 ? this.waitingList.offers.lowerBound : Infinity;
  }

  /** Call it after a batch, and with each new state. */
  settle(): void {
    if (this.list && this.state && !hasOffersToWithdraw(this.state)) this.list.keepOffers();
  }

  trim(): void {
    this.users.trim();
    this.list?.trim();
  }

  /** Takes the new state of a claim. */
  setClaim(claim: KnownClaim): void {
    this.dues.update(claim);
    if (!this.revocable) return;
    const { claimId } = claim.record;
    if (isRevocable(claim.record)) this.revocable.claims.set(claimId, claim);
    else this.revocable.claims.delete(claimId);
  }

  /** Finds a claim also if no submission named it, but it falls due or is revoked. */
  claimAtHand(claimId: string): KnownClaim | undefined {
    return this.partition.claim(claimId) ?? this.revocable?.claims.get(claimId) ?? this.dues.get(claimId);
  }

  /** Call it when all users are read from Postgres. */
  usersAreRead(): void {
    this.users.complete();
    this.partition.budget.recount(this, this.count());
  }

  /** The bytes that it takes. */
  count(): number {
    const claims = this.dues.size + (this.revocable?.claims.size ?? 0);
    const things = claims * BYTES_PER_CLAIM + (this.list?.size ?? 0) * BYTES_PER_ENTRY;
    return BYTES_PER_VOUCHER + this.definitionLength * OBJECT_PER_TEXT + things + this.users.bytes;
  }

  shrink(): boolean {
    if (!this.users.shrink()) return false;
    this.partition.budget.recount(this, this.count());
    return true;
  }

  forget(): void {
    this.partition.forget(this);
  }
}
