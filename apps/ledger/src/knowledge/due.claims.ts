import { dueAt } from '@vouchers/voucher';
import { Dues } from './dues.ts';
import type { KnownClaim } from './known.claim.ts';

/** A voucher's claims that fall due first. */
export class DueClaims extends Dues<KnownClaim> {
  protected dueOf({ record }: KnownClaim): number | undefined {
    return dueAt(record);
  }

  protected idOf({ record }: KnownClaim): string {
    return record.claimId;
  }
}
