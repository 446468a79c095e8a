// Claims as the read model has them; one that it lacks is asked of the ledger once.
import { Injectable } from '@nestjs/common';
import { partitionOf, UUID, type Claim, type ClaimState } from '@vouchers/contracts';
import { notFound } from '@vouchers/service';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { Parked } from '../parked/parked.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates, type Position } from '../read-model/voucher-states.ts';
import type { Verdict } from '../submissions/outcomes.waiter.ts';

export interface WalletFilter {
  userId: string;
  state?: ClaimState;
  voucherId?: string;
  /** Older than this claim. */
  after?: string;
  limit: number;
}

const ONE = {
  name: 'claim',
  text: 'SELECT claim FROM claims WHERE claim_id = $1 AND user_id = COALESCE($2, user_id)',
};
// A claim's id begins with its time: the newest first.
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

interface Row extends Record<string, unknown> {
  claim: Claim;
}

@Injectable()
export class KnownClaims {
  constructor(
    private readonly readModel: ReadModel,
    private readonly ledger: LedgerClient,
    private readonly states: VoucherStates,
    private readonly parked: Parked,
  ) {}

  /**
   * One claim for a write, of this user if one is named. If its voucher is parked, the ledger is asked.
   * An id that does not exist and another user's claim give the same answer.
   * @throws ProblemError 404; 503 while the ledger, or Postgres, is away.
   */
  async find(claimId: string, userId: string | undefined): Promise<Claim> {
    const id = idOf(claimId);
    const known = await this.known(id, userId);
    return known && !this.parked.has(known.voucherId) ? known : this.ofLedger(id, userId);
  }

  /** The same for a read. @throws ProblemError also 503 `parked` */
  async show(claimId: string, userId: string | undefined): Promise<Claim> {
    const id = idOf(claimId);
    const claim = (await this.known(id, userId)) ?? (await this.ofLedger(id, userId));
    this.parked.refuse(claim.voucherId);
    return claim;
  }

  /** As `find`, as this replica's last answer about it left the claim. */
  async findSettled(claimId: string, userId: string | undefined): Promise<Claim> {
    const partition = partitionOf(claimId);
    if (partition !== undefined) await this.states.reachSeen({ partition, seq: 0 });
    return this.find(claimId, userId);
  }

  /** The claim of a verdict: as decided, or as it is now where it was decided before, or only refused. */
  async after({ data, repeated }: Verdict, position: Position, claimId: string): Promise<Claim> {
    if (data.claim && !repeated && data.reason === undefined) return data.claim;
    await this.states.reachSeen(position);
    const known = await this.known(claimId, undefined);
    if (known && this.parked.has(known.voucherId)) return this.ofLedger(claimId, undefined);
    return known ?? data.claim ?? this.find(claimId, undefined);
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

  /** Held and locked ones, newest first. */
  async live(userId: string, limit: number): Promise<Claim[]> {
    return (await this.readModel.rows<Row>(LIVE, [userId, limit, this.parked.ids()])).map(({ claim }) => claim);
  }

  private async known(id: string, userId: string | undefined): Promise<Claim | undefined> {
    const [row] = await this.readModel.rows<Row>(ONE, [id, userId ?? null]);
    return row?.claim;
  }

  private async ofLedger(id: string, userId: string | undefined): Promise<Claim> {
    const claim = await this.ledger.claim(id);
    if (!claim || (userId !== undefined && claim.userId !== userId)) throw notFound();
    return claim;
  }
}

function idOf(claimId: string): string {
  if (!UUID.test(claimId)) throw notFound();
  return claimId.toLowerCase();
}
