// Reads claims from the read model, or from the ledger if the read model lacks one.
import { Injectable } from '@nestjs/common';
import { partitionOf, type Claim, type ClaimState } from '@vouchers/contracts';
import { ReadsById, type Sees } from '../ledger/reads-by-id.ts';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { Parked } from '../parked/parked.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import type { AwaitedDecision } from '../submissions/outcomes.waiter.ts';

export interface WalletFilter {
  userId: string;
  state?: ClaimState;
  voucherId?: string;
  /** Only claims that are older than this one. */
  after?: string;
  limit: number;
}

const ONE = {
  name: 'claim',
  text: 'SELECT claim FROM claims WHERE claim_id = $1 AND user_id = COALESCE($2, user_id)',
};
// A claim's id begins with its time, so the order by id is the order of time.
const WALLET = {
  name: 'wallet',
  text: `SELECT claim FROM claims WHERE user_id = $1
    AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR voucher_id = $3) AND ($4::uuid IS NULL OR claim_id < $4)
    AND voucher_id <> ALL ($6::uuid[])
    ORDER BY claim_id DESC LIMIT $5`,
};
const LIVE = {
  name: 'live-claims',
  text: `SELECT claim FROM claims WHERE user_id = $1 AND state IN ('held', 'locked') AND voucher_id <> ALL ($3::uuid[])
    ORDER BY claim_id DESC LIMIT $2`,
};

// Times in claims are in UTC with milliseconds, so the order of their texts is the order of time.
const ENDING_SOONEST = {
  name: 'claims-ending-soonest',
  text: `SELECT claim FROM claims WHERE user_id = $1 AND state IN ('held', 'locked') AND voucher_id <> ALL ($3::uuid[])
    ORDER BY claim ->> 'useUntil' COLLATE "C", claim_id LIMIT $2`,
};

interface Row extends Record<string, unknown> {
  claim: Claim;
}

@Injectable()
export class ClaimReads extends ReadsById<Claim> {
  constructor(
    private readonly readModel: ReadModel,
    ledger: LedgerClient,
    private readonly states: VoucherStates,
    parked: Parked,
  ) {
    const fromReadModel = async (id: string, userId: string | undefined) =>
      (await readModel.rows<Row>(ONE, [id, userId ?? null]))[0]?.claim;
    super({ readModel: fromReadModel, ledger: (id) => ledger.claim(id) }, parked);
  }

  /** Finds a claim like `find`, after the read model has all events that this replica has answered. */
  async findSettled(claimId: string, userId: string | undefined, sees?: Sees): Promise<Claim> {
    const partition = partitionOf(claimId);
    if (partition !== undefined) await this.states.reachSeen({ partition, seq: 0 });
    return this.find(claimId, userId, sees);
  }

  /** The claim as it was decided. If the decision is a repeat or a refusal, the claim as it is now. */
  async after({ data, position, repeated }: AwaitedDecision, claimId: string): Promise<Claim> {
    if (data.claim && !repeated && data.reason === undefined) return data.claim;
    await this.states.reachSeen(position);
    return (await this.current(claimId)) ?? data.claim ?? this.find(claimId, undefined);
  }

  /** Leaves out claims of parked vouchers. @throws ProblemError 503 `parked` if the given voucher is parked */
  async list({ userId, state, voucherId, after, limit }: WalletFilter): Promise<Claim[]> {
    if (voucherId !== undefined) this.parked.refuse(voucherId);
    const rows = await this.readModel.rows<Row>(WALLET, [
      userId,
      state ?? null,
      voucherId ?? null,
      after ?? null,
      limit,
      this.parked.ids(),
    ]);
    return rows.map(({ claim }) => claim);
  }

  /** The user's held and locked claims, newest first. */
  live(userId: string, limit: number): Promise<Claim[]> {
    return this.liveBy(LIVE, userId, limit);
  }

  /** The user's held and locked claims that end first. */
  endingSoonest(userId: string, limit: number): Promise<Claim[]> {
    return this.liveBy(ENDING_SOONEST, userId, limit);
  }

  private async liveBy(query: typeof LIVE, userId: string, limit: number): Promise<Claim[]> {
    return (await this.readModel.rows<Row>(query, [userId, limit, this.parked.ids()])).map(({ claim }) => claim);
  }
}
