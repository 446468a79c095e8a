// What page-delivery asks of the ledger over HTTP: what its own read model lacks.
import { Injectable } from '@nestjs/common';
import type { Claim, DecisionTrace, EventRow, List, Redemption } from '@vouchers/contracts';
import { currentTraceparent, TokenClient, unavailable } from '@vouchers/service';
import { PageDeliverySettings } from '../settings.ts';

const ANSWER_MS = 3_000;

/** A decision with what stands beside the contract's trace. Claim and redemption as they are now. */
export interface LedgerDecision extends DecisionTrace {
  partition: number;
  lastSeq: number;
  asker?: string;
  claim?: Claim;
  redemption?: Redemption;
}

@Injectable()
export class LedgerClient {
  private readonly tokens: TokenClient;

  constructor(private readonly settings: PageDeliverySettings) {
    const { issuer, discoveryUrl, audience, clientId, clientSecret } = settings;
    this.tokens = new TokenClient({ issuer, discoveryUrl, audience, clientId, clientSecret, scope: 'ledger:read' });
  }

  async claim(claimId: string): Promise<Claim | undefined> {
    return (await this.get<{ claim: Claim }>(`/v1/claims/${claimId}`))?.claim;
  }

  async redemption(redemptionId: string): Promise<Redemption | undefined> {
    return (await this.get<{ redemption: Redemption }>(`/v1/redemptions/${redemptionId}`))?.redemption;
  }

  /** Undefined while it is not decided, or unknown. */
  decision(submissionId: string): Promise<LedgerDecision | undefined> {
    return this.get(`/v1/submissions/${submissionId}/decision`);
  }

  /** Event rows of a partition that follow seq `after`, in order. */
  async events(partition: number, after: number, limit: number): Promise<EventRow[]> {
    const list = await this.get<List<EventRow>>(
      `/v1/events?partition=${partition}&after=${after}&limit=${Math.min(limit, 200)}`,
    );
    return list?.items ?? [];
  }

  /** Undefined for 404. 503 while the ledger, or the issuer of our token, is away. */
  private async get<T>(path: string, again = true): Promise<T | undefined> {
    const token = await this.tokens.token();
    const traceparent = currentTraceparent();
    const answer = await fetch(`${this.settings.ledgerUrl}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(traceparent && { traceparent }) },
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => {
      throw unavailable('The ledger is away.');
    });
    if (answer.ok) return (await answer.json()) as T;
    await answer.body?.cancel();
    if (answer.status === 404) return undefined;
    if (answer.status === 401 && again) {
      this.tokens.forget();
      return this.get(path, false);
    }
    throw unavailable(`The ledger answered ${answer.status}.`);
  }
}
