// Judges whether a caller may see a thing, before anything else about it is read. A thing of another team and one that
// does not exist cost the same query and get the same answer.
import { Injectable } from '@nestjs/common';
import { partitionOf, UUID } from '@vouchers/contracts';
import { notFound, Tenancy, type Caller } from '@vouchers/service';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';

/** The team of a row of `vouchers v`. Rows of release 0.1.0 have it only in their definition. */
export const TEAM = `coalesce(v.team, v.definition ->> 'team')`;

const ofVoucherIn = (name: string, vouchers: string) => ({
  name: `${name}-of-team`,
  text: `SELECT FROM vouchers v WHERE v.partition = $1 AND v.voucher_id IN (${vouchers}) AND ${TEAM} = $3 LIMIT 1`,
});
const VOUCHER = ofVoucherIn('voucher', 'SELECT $2::uuid');
const CLAIM = ofVoucherIn('claim', 'SELECT voucher_id FROM claims WHERE partition = $1 AND claim_id = $2');
const REDEMPTION = ofVoucherIn(
  'redemption',
  'SELECT voucher_id FROM redemptions WHERE partition = $1 AND redemption_id = $2',
);
const SIMULATION = ofVoucherIn(
  'simulation',
  'SELECT voucher_id FROM simulations WHERE partition = $1 AND simulation_id = $2',
);
const SUBMISSION = {
  name: 'submission-of-team',
  text: `SELECT FROM generate_series(0, $1::int - 1) AS p
    CROSS JOIN LATERAL (SELECT partition, voucher_id FROM events WHERE partition = p AND submission_id = $2) e
    JOIN vouchers v USING (partition, voucher_id) WHERE ${TEAM} = $3 LIMIT 1`,
};

/** Each method throws 404 if the caller does not see the thing. */
@Injectable()
export class TeamReads {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly settings: LedgerSettings,
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
  ) {}

  expectVoucher(caller: Caller, id: string): Promise<void> {
    return this.expect(caller, VOUCHER, id, () => this.history.partitionOf(id));
  }

  expectClaim(caller: Caller, id: string): Promise<void> {
    return this.expect(caller, CLAIM, id, () => partitionOf(id));
  }

  expectRedemption(caller: Caller, id: string): Promise<void> {
    return this.expect(caller, REDEMPTION, id, () => partitionOf(id));
  }

  expectSimulation(caller: Caller, id: string): Promise<void> {
    return this.expect(caller, SIMULATION, id, () => partitionOf(id));
  }

  expectSubmission(caller: Caller, id: string): Promise<void> {
    return this.expect(caller, SUBMISSION, id, () => this.settings.partitions);
  }

  private async expect(
    caller: Caller,
    statement: { name: string; text: string },
    id: string,
    placeOf: () => number | undefined,
  ): Promise<void> {
    const team = this.tenancy.seenBy(caller);
    if (team === undefined) return;
    const place = UUID.test(id) ? placeOf() : undefined;
    if (place === undefined) throw notFound();
    const { rowCount } = await this.connections.historyPool.query({ ...statement, values: [place, id, team] });
    if (rowCount === 0) throw notFound();
  }
}
