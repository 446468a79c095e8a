// What page-delivery asks of the ledger over HTTP: what its own read model lacks.
import { Injectable } from '@nestjs/common';
import type { Claim, DecisionTrace, Redemption } from '@vouchers/contracts';
import { LedgerApi } from '@vouchers/service';
import { PageDeliverySettings } from '../settings.ts';

@Injectable()
export class LedgerClient extends LedgerApi {
  constructor(settings: PageDeliverySettings) {
    super(settings);
  }

  async claim(claimId: string): Promise<Claim | undefined> {
    return (await this.get<{ claim: Claim }>(`/v1/claims/${claimId}`))?.claim;
  }

  async redemption(redemptionId: string): Promise<Redemption | undefined> {
    return (await this.get<{ redemption: Redemption }>(`/v1/redemptions/${redemptionId}`))?.redemption;
  }

  /** Undefined while it is not decided, or unknown. */
  decision(submissionId: string): Promise<DecisionTrace | undefined> {
    return this.get(`/v1/submissions/${submissionId}/decision`);
  }
}
