// Makes rows of the read model from outcomes. A batch writes each row once, as it is after the batch's last outcome.
import type { Claim, EventType, Redemption } from '@vouchers/contracts';
import { GRANTED_TYPES, REFUSED_TYPES } from '@vouchers/contracts';
import { int8Array, jsonArray, textArray, uuidArray } from '@vouchers/event-store';
import {
  outcomeOf,
  outcomeOfRow,
  type AskStatement,
  type Outcome,
  type Projection,
  type Rows,
  type RowsMaker,
} from '@vouchers/outcomes';
import { decodeEvent, evolve, storedState, type VoucherState } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';

/** The most states in memory. Others are read again when an event needs them. */
const REMEMBERED_STATES = 5_000;

const KNOWN: ReadonlySet<string> = new Set<EventType>([
  'voucher.defined.v1',
  'voucher.enabled.v1',
  'voucher.terminated.v1',
  'voucher.claim-expired.v1',
  ...Object.values(GRANTED_TYPES),
  ...Object.values(REFUSED_TYPES),
]);

const STATES = {
  name: 'states-of-projector',
  text: `SELECT v.voucher_id, v.state, d.definition FROM vouchers v JOIN definitions_in_force d USING (voucher_id)
    WHERE v.voucher_id = ANY ($1::uuid[])`,
};

export const READ_MODEL: Projection<Outcome> = {
  positions: 'positions',
  read: outcomeOf,
  readRow: outcomeOfRow,
  begin: (ask) => new ReadModelRows(ask),
  parameters: 17,
  rowsBehind: (fence) => `
  vouchers_written AS (
    INSERT INTO vouchers (voucher_id, seq, state)
    SELECT rows.* FROM ${fence}, unnest($1::uuid[], $2::bigint[], $3::json[]) AS rows
    ON CONFLICT (voucher_id) DO UPDATE SET seq = excluded.seq, state = excluded.state
  ), definitions_written AS (
    INSERT INTO definitions_in_force (voucher_id, definition)
    SELECT rows.* FROM ${fence}, unnest($4::uuid[], $5::json[]) AS rows
    ON CONFLICT (voucher_id) DO UPDATE SET definition = excluded.definition
  ), claims_written AS (
    INSERT INTO claims (claim_id, voucher_id, user_id, state, claim)
    SELECT rows.* FROM ${fence}, unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::json[]) AS rows
    ON CONFLICT (claim_id) DO UPDATE SET state = excluded.state, claim = excluded.claim
  ), redemptions_written AS (
    INSERT INTO redemptions (redemption_id, claim_id, user_id, order_id, redemption)
    SELECT rows.* FROM ${fence}, unnest($11::uuid[], $12::uuid[], $13::text[], $14::text[], $15::json[]) AS rows
    ON CONFLICT (redemption_id) DO UPDATE SET redemption = excluded.redemption
  ), pushes_written AS (
    INSERT INTO pushes (user_id, voucher_id)
    SELECT rows.* FROM ${fence}, unnest($16::text[], $17::uuid[]) AS rows
    ON CONFLICT DO NOTHING
  )`,
};

/** Makes rows, and caches the voucher states that were written last. */
class ReadModelRows implements RowsMaker<Outcome> {
  private readonly states = new LRUCache<string, VoucherState>({ max: REMEMBERED_STATES });

  constructor(private readonly ask: AskStatement | undefined) {}

  async rowsOf(outcomes: readonly Outcome[]): Promise<Rows> {
    const batch = new BatchRows(await this.statesOf(outcomes));
    for (const outcome of outcomes) batch.add(outcome);
    const written = (): void => {
      for (const [id, state] of batch.vouchers) this.states.set(id, state);
    };
    return { values: batch.values(), written };
  }

  forget(voucherId: string): void {
    this.states.delete(voucherId);
  }

  private async statesOf(outcomes: readonly Outcome[]): Promise<Map<string, VoucherState>> {
    const ids = [...new Set(outcomes.map(({ voucherId }) => voucherId))];
    const before = new Map<string, VoucherState>();
    for (const id of ids) {
      const state = this.states.get(id);
      if (state) before.set(id, state);
    }
    const unknown = ids.filter((id) => !before.has(id));
    if (unknown.length === 0 || !this.ask) return before;
    const rows = await this.ask<{
      voucher_id: string;
      state: Omit<VoucherState, 'definition'>;
      definition: VoucherState['definition'];
    }>(STATES, [unknown]);
    for (const { voucher_id, state, definition } of rows) before.set(voucher_id, storedState({ ...state, definition }));
    return before;
  }
}

/** The rows that a batch of outcomes writes. */
class BatchRows {
  readonly vouchers = new Map<string, VoucherState>();
  /** The vouchers whose version in force has changed. */
  private readonly redefined = new Map<string, VoucherState['definition']>();
  private readonly claims = new Map<string, Claim>();
  private readonly redemptions = new Map<string, Redemption>();
  private readonly pushes: { userId: string; voucherId: string }[] = [];

  /** @param before the voucher states before the batch, by id */
  constructor(private readonly before: ReadonlyMap<string, VoucherState>) {}

  /** Adds the next outcome, in the order of seq. An event that this release does not know changes nothing. */
  add({ type, voucherId, submissionId, seq, data }: Outcome): void {
    if (!KNOWN.has(type)) return;
    const voucher = this.vouchers.get(voucherId) ?? this.before.get(voucherId);
    const next = evolve(voucher, decodeEvent(type, voucherId, submissionId, data));
    next.head.seq = seq;
    this.vouchers.set(voucherId, next);
    if (next.definition !== voucher?.definition) this.redefined.set(voucherId, next.definition);
    if (data.claim) this.claims.set(data.claim.id, data.claim);
    if (data.redemption) this.redemptions.set(data.redemption.id, data.redemption);
    if (type === 'voucher.pushed.v1') this.pushes.push({ userId: data.userId!, voucherId });
  }

  /** The values for the parameters of `rowsBehind`. */
  values(): unknown[] {
    const vouchers = [...this.vouchers.values()];
    const claims = [...this.claims.values()];
    const redemptions = [...this.redemptions.values()];
    return [
      uuidArray(vouchers, ({ voucherId }) => voucherId),
      int8Array(vouchers, ({ head }) => head.seq),
      jsonArray(vouchers, ({ definition: _, ...state }) => JSON.stringify(state)),
      uuidArray([...this.redefined.keys()], (voucherId) => voucherId),
      jsonArray([...this.redefined.values()], (definition) => JSON.stringify(definition)),
      uuidArray(claims, ({ id }) => id),
      uuidArray(claims, ({ voucherId }) => voucherId),
      textArray(claims, ({ userId }) => userId),
      textArray(claims, ({ state }) => state),
      jsonArray(claims, (claim) => JSON.stringify(claim)),
      uuidArray(redemptions, ({ id }) => id),
      uuidArray(redemptions, ({ claimId }) => claimId),
      textArray(redemptions, ({ userId }) => userId),
      textArray(redemptions, ({ order }) => order.id),
      jsonArray(redemptions, (redemption) => JSON.stringify(redemption)),
      textArray(this.pushes, ({ userId }) => userId),
      uuidArray(this.pushes, ({ voucherId }) => voucherId),
    ];
  }
}
