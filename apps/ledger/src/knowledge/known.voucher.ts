// One voucher in the memory of its partition's owner. It answers what a decision asks, and takes what it changes.
import { SLICE, type ClaimRecord, type Knowledge, type RedemptionRecord, type UserRecord } from '@vouchers/voucher';
import type { VoucherState } from '@vouchers/voucher';
import { DueClaims } from './due.claims.ts';
import type { KnownClaim } from './known.claim.ts';
import type { Keeper, KnowledgeBudget } from './knowledge.budget.ts';
import { VoucherUsers } from './voucher.users.ts';

/** Bytes of the maps, the counters, and the parsed conditions of the definition. */
const BYTES_PER_VOUCHER = 4_000;
const BYTES_PER_CLAIM = 700;
/** How many times the bytes of its text a definition takes as an object. */
const OBJECT_PER_TEXT = 3;

/** A voucher's row in Postgres; `undefined`: it was never defined. */
export interface StoredVoucher {
  state: VoucherState;
  /** Earliest due time of its claims, Unix milliseconds; null: nothing falls due. */
  firstDueAt: number | null;
  /** Length of its definition as text. */
  definitionLength: number;
  eventsSinceCheckpoint: number;
}

/** The partition keeps claims and redemptions, since a submission does not tell their voucher. */
export interface VoucherKeeper {
  readonly budget: KnowledgeBudget;
  claim(claimId: string): KnownClaim | null | undefined;
  redemption(redemptionId: string): RedemptionRecord | null | undefined;
  /** The user's row as unwritten batches leave it; undefined if they do not change it. */
  unwrittenUser(voucher: KnownVoucher, userId: string): UserRecord | undefined;
  forget(voucher: KnownVoucher): void;
}

export class KnownVoucher implements Knowledge, Keeper {
  state: VoucherState | undefined;
  users: VoucherUsers;
  dues: DueClaims;
  /** Held and locked claims by id, while a termination revokes them. `complete`: Postgres has no others. */
  revocable: { claims: Map<string, KnownClaim>; complete: boolean } | undefined;
  /** The time up to which a tick judged its nodes without a change. */
  judgedAt: number | undefined;
  /** The definition in Postgres is an older one. */
  definitionChanged = false;
  eventsSinceCheckpoint: number;
  bytes = 0;
  pins = 0;
  /** The user asked for last: a decision asks several times for the same one. */
  private askedId: string | undefined;
  private asked: UserRecord | undefined;
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
    // A user without a push and a claim has no row.
    this.users = new VoucherUsers(pushed + claimed === 0);
    this.dues = new DueClaims(stored?.firstDueAt ?? null);
    this.eventsSinceCheckpoint = stored?.eventsSinceCheckpoint ?? 0;
    this.definitionLength = stored?.definitionLength ?? 0;
  }

  /** A user changed, in the batch or by it. */
  userChanged(): void {
    this.asked = undefined;
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
    if (userId === this.askedId && this.asked) return this.asked;
    this.askedId = userId;
    return (this.asked = this.partition.unwrittenUser(this, userId) ?? this.users.get(userId));
  }

  /** Where all users are in memory, this is known without a look-up. */
  knowsUser(userId: string): boolean {
    return this.users.knowsAll || this.user(userId) !== undefined;
  }

  due(time: number): readonly ClaimRecord[] | undefined {
    return this.dues.until(time);
  }

  live(): ClaimRecord[] | undefined {
    const { revocable } = this;
    if (!revocable || (revocable.claims.size < SLICE && !revocable.complete)) return undefined;
    return [...revocable.claims.values().take(SLICE)].map(({ record }) => record);
  }

  /** A claim as it now is. */
  setClaim(claim: KnownClaim): void {
    this.dues.update(claim);
    if (!this.revocable) return;
    const { claimId, state } = claim.record;
    if (state === 'held' || state === 'locked') this.revocable.claims.set(claimId, claim);
    else this.revocable.claims.delete(claimId);
  }

  /** A claim that no submission named, but that falls due or is revoked. */
  claimAtHand(claimId: string): KnownClaim | undefined {
    return this.partition.claim(claimId) ?? this.revocable?.claims.get(claimId) ?? this.dues.get(claimId);
  }

  /** All users were read, from Postgres. */
  usersAreRead(): void {
    this.users.complete();
    this.partition.budget.recount(this, this.count());
  }

  /** Bytes that it holds. */
  count(): number {
    const claims = this.dues.size + (this.revocable?.claims.size ?? 0);
    return BYTES_PER_VOUCHER + this.definitionLength * OBJECT_PER_TEXT + claims * BYTES_PER_CLAIM + this.users.bytes;
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
