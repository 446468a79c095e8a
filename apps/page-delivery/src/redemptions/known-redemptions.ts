// Redemptions as the read model has them; one that it lacks is asked of the ledger once.
import { Injectable } from '@nestjs/common';
import { UUID, type Redemption } from '@vouchers/contracts';
import { notFound } from '@vouchers/service';
import { LedgerClient } from '../ledger/ledger.client.ts';
import type { Verdict } from '../read-model/outcomes.waiter.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates, type Position } from '../read-model/voucher-states.ts';

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
    ORDER BY redemption_id DESC LIMIT $4`,
});
const OF_ORDER = list('of-order', 'order_id = $1 AND ($5::uuid IS NULL OR claim_id = $5)');
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
  ) {}

  /** @throws ProblemError 404; 503 while the ledger, or Postgres, is away. */
  async find(redemptionId: string, userId: string | undefined): Promise<Redemption> {
    if (!UUID.test(redemptionId)) throw notFound();
    const id = redemptionId.toLowerCase();
    const [row] = await this.readModel.rows<Row>(ONE, [id, userId ?? null]);
    if (row) return row.redemption;
    const redemption = await this.ledger.redemption(id);
    if (!redemption || (userId !== undefined && redemption.userId !== userId)) throw notFound();
    return redemption;
  }

  /** The redemption of a verdict: as decided, or as it is now where it was decided before. */
  async after({ data, repeated }: Verdict, position: Position): Promise<Redemption> {
    const decided = data.redemption!;
    if (!repeated) return decided;
    await this.states.reachSeen(position);
    const [row] = await this.readModel.rows<Row>(ONE, [decided.id, null]);
    return row?.redemption ?? decided;
  }

  /** Of an order, of a claim, or both; newest first. */
  async list({ orderId, claimId, userId, after, limit }: RedemptionFilter): Promise<Redemption[]> {
    const rest = [userId ?? null, after ?? null, limit];
    const rows =
      orderId === undefined
        ? await this.readModel.rows<Row>(OF_CLAIM, [claimId, ...rest])
        : await this.readModel.rows<Row>(OF_ORDER, [orderId, ...rest, claimId ?? null]);
    return rows.map(({ redemption }) => redemption);
  }
}
