// Reads redemptions from the read model, or from the ledger if the read model lacks one.
import { Injectable } from '@nestjs/common';
import type { Redemption } from '@vouchers/contracts';
import { ProblemError } from '@vouchers/service';
import { ReadsById, type Sees } from '../ledger/reads-by-id.ts';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { Parked } from '../parked/parked.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import type { AwaitedDecision } from '../submissions/outcomes.waiter.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';

export interface RedemptionFilter {
  orderId?: string;
  claimId?: string;
  userId?: string;
  /** Only redemptions that this team may read. */
  team?: string;
  /** Only redemptions that are older than this one. */
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
    AND ($6::text IS NULL OR NOT EXISTS (SELECT FROM newest_records n
      WHERE n.topic = 'definitions' AND n.key = redemption ->> 'voucherId' AND NOT n.readers ? $6))
    ORDER BY redemption_id DESC LIMIT $4`,
});
const OF_ORDER = list('of-order', 'order_id = $1 AND ($7::uuid IS NULL OR claim_id = $7)');
const OF_CLAIM = list('of-claim', 'claim_id = $1');

/** The most redemptions of one order that are looked at. */
const MOST_ON_ORDER = 1_000;
const ON_ORDER = {
  name: 'redemptions-on-order',
  text: `SELECT redemption FROM redemptions WHERE (redemption_id = ANY ($1::uuid[]) OR (order_id = $2
      AND NOT EXISTS (SELECT FROM newest_records n
        WHERE n.topic = 'definitions' AND n.key = redemption ->> 'voucherId' AND NOT n.readers ? $3)))
    AND (redemption ->> 'voucherId')::uuid <> ALL ($4::uuid[])
    ORDER BY redemption_id LIMIT ${MOST_ON_ORDER}`,
};

interface Row extends Record<string, unknown> {
  redemption: Redemption;
}

@Injectable()
export class RedemptionReads extends ReadsById<Redemption> {
  constructor(
    private readonly readModel: ReadModel,
    ledger: LedgerClient,
    private readonly states: VoucherStates,
    private readonly claims: ClaimReads,
    parked: Parked,
  ) {
    const fromReadModel = async (id: string, userId: string | undefined) =>
      (await readModel.rows<Row>(ONE, [id, userId ?? null]))[0]?.redemption;
    super({ readModel: fromReadModel, ledger: (id) => ledger.redemption(id) }, parked);
  }

  /** The redemption as it was decided. If the decision is a repeat, the redemption as it is now. */
  async after({ data, position, repeated }: AwaitedDecision): Promise<Redemption> {
    const decided = data.redemption!;
    if (!repeated) return decided;
    await this.states.reachSeen(position);
    return (await this.current(decided.id)) ?? decided;
  }

  /**
   * The redemptions with these ids, and those of the order that the team may read as far as the read model knows them;
   * oldest first.
   */
  async onOrder(orderId: string, team: string, ids: readonly string[]): Promise<Redemption[]> {
    const rows = await this.readModel.rows<Row>(ON_ORDER, [ids, orderId, team, this.parked.ids()]);
    const found = rows.map(({ redemption }) => redemption);
    const known = new Set(found.map(({ id }) => id));
    const missing = ids.filter((id) => !known.has(id));
    return [...found, ...(await Promise.all(missing.map((id) => this.find(id, undefined))))];
  }

  /**
   * The redemptions of an order, a claim, or both, newest first, without redemptions of parked vouchers.
   * @param sees whether the caller may know of things of a voucher
   * @throws ProblemError 503 `parked` if the claim's voucher is parked
   */
  async list({ orderId, claimId, userId, team, after, limit }: RedemptionFilter, sees: Sees): Promise<Redemption[]> {
    const parked = this.parked.ids();
    // The claim's voucher matters only while some voucher is parked.
    if (claimId !== undefined && parked.length > 0) await this.refuseParked(claimId, sees);
    const rest = [userId ?? null, after ?? null, limit, parked, team ?? null];
    const rows =
      orderId === undefined
        ? await this.readModel.rows<Row>(OF_CLAIM, [claimId, ...rest])
        : await this.readModel.rows<Row>(OF_ORDER, [orderId, ...rest, claimId ?? null]);
    return rows.map(({ redemption }) => redemption);
  }

  /** Ignores a 404, since the list of a claim that does not exist is empty. */
  private async refuseParked(claimId: string, sees: Sees): Promise<void> {
    await this.claims.show(claimId, undefined, sees).catch((error: unknown) => {
      if (!(error instanceof ProblemError && error.status === 404)) throw error;
    });
  }
}
