// Asks the ledger over HTTP for claims, redemptions and decisions that the read model lacks.
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

  /** Undefined if the submission is unknown or not decided yet. */
  decision(submissionId: string): Promise<DecisionTrace | undefined> {
    return this.get(`/v1/submissions/${submissionId}/decision`);
  }
}
