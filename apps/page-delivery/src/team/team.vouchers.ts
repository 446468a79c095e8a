// Judges whose vouchers' claims and redemptions staff and services may know of, by the newest definitions.
import { Injectable } from '@nestjs/common';
import type { Definition } from '@vouchers/contracts';
import { isAmong, Tenancy, type Caller } from '@vouchers/service';
import type { Sees } from '../ledger/reads-by-id.ts';
import { Definitions } from '../read-model/definitions.ts';

@Injectable()
export class TeamVouchers {
  constructor(
    private readonly definitions: Definitions,
    private readonly tenancy: Tenancy,
  ) {}

  /** The vouchers whose claims the caller may know of as staff. */
  seenByStaff(caller: Caller): Sees {
    if (this.tenancy.seenBy(caller) === undefined) return () => true;
    return this.where(({ team }) => this.tenancy.sees(caller, team));
  }

  /** The vouchers that the caller may redeem and roll back. */
  redeemedBy({ team }: Caller): Sees {
    return this.where(({ spec }) => isAmong(spec.redeemers, team));
  }

  /** The vouchers whose redemptions the caller may read. */
  readBy(caller: Caller): Sees {
    return this.where((definition) => this.tenancy.readsRedemptions(caller, definition));
  }

  /** The team by which lists of redemptions are filtered. Undefined: they are not. */
  reader({ team, scopes }: Caller): string | undefined {
    return scopes.has('audit:read') ? undefined : team;
  }

  /** The vouchers of the list whose redemptions the caller may read. */
  readable(voucherIds: readonly string[], caller: Caller): Promise<string[]> {
    return this.among(voucherIds, (definition) => this.tenancy.readsRedemptions(caller, definition));
  }

  private where(holds: (definition: Definition) => boolean): Sees {
    return async (voucherId) => (await this.among([voucherId], holds)).length > 0;
  }

  /** A voucher without a readable definition is nobody's where teams are apart. */
  private async among(voucherIds: readonly string[], holds: (definition: Definition) => boolean): Promise<string[]> {
    const known = await this.definitions.of(voucherIds);
    return voucherIds.filter((id) => {
      const definition = known.get(id)?.value;
      return definition ? holds(definition) : this.tenancy.mode === 'open';
    });
  }
}
