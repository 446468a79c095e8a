import type { ClaimRecord } from '@vouchers/voucher';

/** A claim, and where its granting stands. */
export interface KnownClaim {
  record: ClaimRecord;
  claimedSeq: number;
}
