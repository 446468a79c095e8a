import type { ClaimRecord } from '@vouchers/voucher';

/** A claim with the seq of the event that granted it. */
export interface KnownClaim {
  record: ClaimRecord;
  claimedSeq: number;
}
