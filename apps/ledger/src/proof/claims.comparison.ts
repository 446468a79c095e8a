// Compares the stored claims and redemptions of a voucher with its events, one page of events after the other.
import { proofFault } from '@vouchers/contracts';
import { uuidArray, type ContextReader, type Queries, type ReplayedEvent } from '@vouchers/event-store/history';
import type { ClaimRecord, RedemptionRecord, VoucherEvent } from '@vouchers/voucher';
import { isDeepStrictEqual } from 'node:util';
import { eventOf } from '../history/stored.event.ts';
import { claimRow, redemptionRow } from '../knowledge/projection.rows.ts';
import type { ProofFaults } from './proof.faults.ts';

/** An event with its seq, and with the facts of a granted claim. */
export interface PlacedEvent {
  seq: number;
  event: VoucherEvent;
}
type Last = Pick<ReplayedEvent, 'seq' | 'type' | 'voucherId' | 'submissionId' | 'data'> & { id: string };

/** The last event of each of these claims after it was granted. */
const LAST = `SELECT DISTINCT ON (claim_id) claim_id AS id, seq, type, voucher_id AS "voucherId",
    submission_id AS "submissionId", data
  FROM events WHERE partition = $1 AND claim_id = ANY ($2::uuid[]) AND type <> 'voucher.claimed.v1' AND reason IS NULL
  ORDER BY claim_id, seq DESC`;
const ROLLED_BACK = `SELECT redemption_id AS id, seq, type, voucher_id AS "voucherId",
    submission_id AS "submissionId", data
  FROM events WHERE partition = $1 AND claim_id = ANY ($2::uuid[]) AND type = 'voucher.redemption-rolled-back.v1'`;

export class ClaimsComparison {
  private readonly queries: Queries;
  private readonly reader: ContextReader;
  private readonly partition: number;
  private readonly faults: ProofFaults;

  constructor(queries: Queries, reader: ContextReader, partition: number, faults: ProofFaults) {
    this.queries = queries;
    this.reader = reader;
    this.partition = partition;
    this.faults = faults;
  }

  /** Compares what the events of the page granted. */
  async page(events: readonly PlacedEvent[]): Promise<void> {
    await this.claims(events);
    await this.redemptions(events.filter(({ event }) => event.type === 'voucher.redeemed.v1'));
  }

  /** Looks for rows that no event made. */
  async count(voucherId: string, claimed: number, redeemed: number): Promise<void> {
    for (const [table, wanted] of [
      ['claims', claimed],
      ['redemptions', redeemed],
    ] as const) {
      const { rows } = await this.queries.query<{ count: number }>(
        `SELECT count(*) AS count FROM ${table} WHERE partition = $1 AND voucher_id = $2`,
        [this.partition, voucherId],
      );
      const { count } = rows[0]!;
      if (count !== wanted) this.faults.add(table, proofFault('rows-differ', { count, wanted }));
    }
  }

  private async claims(events: readonly PlacedEvent[]): Promise<void> {
    const ofClaims = events.filter(({ event }) => event.claim !== undefined && event.reason === undefined);
    if (ofClaims.length === 0) return;
    const ids = [...new Set(ofClaims.map(({ event }) => event.claim!.claimId))];
    const rows = new Map((await this.reader.claims(this.partition, ids)).map((row) => [row.claimId, row]));
    const last = await this.last(LAST, ids);
    for (const { seq, event } of ofClaims) {
      const { claimId, userId } = event.claim!;
      const row = rows.get(claimId);
      if (event.type !== 'voucher.claimed.v1') {
        if (row && row.userId !== userId)
          this.faults.add(
            'claims',
            proofFault('other-user', {
              event: `${this.partition}:${seq}`,
              id: claimId,
              stored: row.userId,
              said: userId,
            }),
          );
        continue;
      }
      const after: ClaimRecord = { ...(last.get(claimId)?.claim ?? event.claim!), facts: event.claim!.facts };
      this.compare('claims', claimId, row, claimRow({ record: after, claimedSeq: seq }));
    }
  }

  private async redemptions(redeemed: readonly PlacedEvent[]): Promise<void> {
    if (redeemed.length === 0) return;
    const ids = redeemed.map(({ event }) => event.redemption!.redemptionId);
    const rows = new Map((await this.reader.redemptions(this.partition, ids)).map((row) => [row.redemptionId, row]));
    const claimIds = [...new Set(redeemed.map(({ event }) => event.redemption!.claimId))];
    const rolledBack = await this.last(ROLLED_BACK, claimIds);
    for (const { event } of redeemed) {
      const { redemptionId } = event.redemption!;
      // A roll back by an earlier release does not say the discount, and its row keeps it.
      const after: RedemptionRecord = { ...event.redemption!, ...rolledBack.get(redemptionId)?.redemption };
      this.compare('redemptions', redemptionId, rows.get(redemptionId), redemptionRow(after));
    }
  }

  private async last(text: string, claimIds: readonly string[]): Promise<Map<string, VoucherEvent>> {
    const values = [this.partition, uuidArray(claimIds, (id) => id)];
    const { rows } = await this.queries.query<Last>(text, values);
    return new Map(rows.map((row) => [row.id, eventOf(row)]));
  }

  private compare(check: 'claims' | 'redemptions', id: string, row: object | undefined, wanted: object): void {
    if (row === undefined) return this.faults.add(check, proofFault('row-missing', { id }));
    if (isDeepStrictEqual(row, wanted)) return;
    const names = Object.keys(wanted) as (keyof typeof wanted)[];
    const different = names.filter((name) => !isDeepStrictEqual(row[name], wanted[name]));
    const told = (of: object) => different.map((name) => `${name} ${String(of[name])}`).join(', ');
    this.faults.add(check, proofFault('row-differs', { id, stored: told(row), events: told(wanted) }));
  }
}
