// Redemptions as the read model has them; one that it lacks is asked of the ledger once.
import { Injectable } from '@nestjs/common';
import { UUID, type Redemption } from '@vouchers/contracts';
import { notFound, ProblemError } from '@vouchers/service';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { Parked } from '../parked/parked.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates, type Position } from '../read-model/voucher-states.ts';
import type { Verdict } from '../submissions/outcomes.waiter.ts';
import { KnownClaims } from '../wallet/known-claims.ts';

export interface RedemptionFilter {
  orderId?: string;
  claimId?: string;
  userId?: string;
  /** Older than this redemption. */
  after?: string;
  limit: number;
}

const ONE = {
  name: 'redemption',
  text: 'SELECT redemption FROM redemptions WHERE redemption_id = $1 AND user_id = COALESCE($2, user_id)',
};
const list = (name: string, where: string) => ({
  name: `redemptions-${name}`,
  text: `SELECT redemption FROM redemptions WHERE ${where} AND ($2::text IS NULL OR user_id = $2) AND ($3::uuid IS NULL OR redemption_id < $3)
    AND (redemption ->> 'voucherId')::uuid <> ALL ($5::uuid[])
    ORDER BY redemption_id DESC LIMIT $4`,
});
const OF_ORDER = list('of-order', 'order_id = $1 AND ($6::uuid IS NULL OR claim_id = $6)');
const OF_CLAIM = list('of-claim', 'claim_id = $1');

interface Row extends Record<string, unknown> {
  redemption: Redemption;
}

@Injectable()
export class KnownRedemptions {
  constructor(
    private readonly readModel: ReadModel,
    private readonly ledger: LedgerClient,
    private readonly states: VoucherStates,
    private readonly claims: KnownClaims,
    private readonly parked: Parked,
  ) {}

  /**
   * For a write. If its voucher is parked, the ledger is asked.
   * @throws ProblemError 404; 503 while the ledger or Postgres is away
   */
  async find(redemptionId: string, userId: string | undefined): Promise<Redemption> {
    const id = idOf(redemptionId);
    const known = await this.known(id, userId);
    return known && !this.parked.has(known.voucherId) ? known : this.ofLedger(id, userId);
  }

  /** The same for a read. @throws ProblemError also 503 `parked` */
  async show(redemptionId: string, userId: string | undefined): Promise<Redemption> {
    const id = idOf(redemptionId);
    const redemption = (await this.known(id, userId)) ?? (await this.ofLedger(id, userId));
    this.parked.refuse(redemption.voucherId);
    return redemption;
  }

  /** The redemption of a verdict: as decided, or as it is now where it was decided before. */
  async after({ data, repeated }: Verdict, position: Position): Promise<Redemption> {
    const decided = data.redemption!;
    if (!repeated) return decided;
    await this.states.reachSeen(position);
    const known = await this.known(decided.id, undefined);
    if (known && this.parked.has(known.voucherId)) return this.ofLedger(decided.id, undefined);
    return known ?? decided;
  }

  /**
   * The redemptions of an order, a claim, or both; newest first, without those of parked vouchers.
   * @throws ProblemError 503 `parked` if the claim's voucher is parked
   */
  async list({ orderId, claimId, userId, after, limit }: RedemptionFilter): Promise<Redemption[]> {
    const parked = this.parked.ids();
    // The claim tells its voucher. It is looked up only while a voucher is parked.
    if (claimId !== undefined && parked.length > 0) await this.refuseParked(claimId);
    const rest = [userId ?? null, after ?? null, limit, parked];
    const rows =
      orderId === undefined
        ? await this.readModel.rows<Row>(OF_CLAIM, [claimId, ...rest])
        : await this.readModel.rows<Row>(OF_ORDER, [orderId, ...rest, claimId ?? null]);
    return rows.map(({ redemption }) => redemption);
  }

  /** A claim that does not exist has no redemptions, which is no error in a list. */
  private async refuseParked(claimId: string): Promise<void> {
    await this.claims.show(claimId, undefined).catch((error: unknown) => {
      if (!(error instanceof ProblemError && error.status === 404)) throw error;
    });
  }

  private async known(id: string, userId: string | undefined): Promise<Redemption | undefined> {
    const [row] = await this.readModel.rows<Row>(ONE, [id, userId ?? null]);
    return row?.redemption;
  }

  private async ofLedger(id: string, userId: string | undefined): Promise<Redemption> {
    const redemption = await this.ledger.redemption(id);
    if (!redemption || (userId !== undefined && redemption.userId !== userId)) throw notFound();
    return redemption;
  }
}

function idOf(redemptionId: string): string {
  if (!UUID.test(redemptionId)) throw notFound();
  return redemptionId.toLowerCase();
}
