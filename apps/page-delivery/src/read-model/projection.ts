// Applies a batch of outcomes to rows of the read model. Each row is as it is after the last outcome.
import type { Claim, Redemption } from '@vouchers/contracts';
import { decodeEvent, evolve, type VoucherState } from '@vouchers/voucher';
import { isKnown, type Outcome } from './outcome.ts';

/** Voucher states before the batch, by id. */
export type States = Pick<Map<string, VoucherState>, 'get'>;

export class Projection {
  readonly vouchers = new Map<string, VoucherState>();
  /** The vouchers whose version in force has changed. */
  readonly redefined = new Map<string, VoucherState['definition']>();
  readonly claims = new Map<string, Claim>();
  readonly redemptions = new Map<string, Redemption>();
  readonly pushes: { userId: string; voucherId: string }[] = [];

  constructor(private readonly before: States) {}

  /** Adds the next outcome, in the order of seq. */
  add({ type, voucherId, submissionId, seq, data }: Outcome): void {
    if (!isKnown(type)) return;
    const voucher = this.vouchers.get(voucherId) ?? this.before.get(voucherId);
    const next = evolve(voucher, decodeEvent(type, voucherId, submissionId, data));
    next.head.seq = seq;
    this.vouchers.set(voucherId, next);
    if (next.definition !== voucher?.definition) this.redefined.set(voucherId, next.definition);
    if (data.claim) this.claims.set(data.claim.id, data.claim);
    if (data.redemption) this.redemptions.set(data.redemption.id, data.redemption);
    if (type === 'voucher.pushed.v1') this.pushes.push({ userId: data.userId!, voucherId });
  }
}
