import { Injectable } from '@nestjs/common';
import type { Counters, CounterValues, Refusals } from '@vouchers/contracts';
import { countersOf, NO_COUNTS, storedCounts, type VoucherState } from '@vouchers/voucher';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';

/** Counters of many vouchers as one, and how many they were. `free` is null as soon as one has no limit. */
export type SummedCounters = CounterValues & { vouchers: number };

interface CountersRow {
  voucherId: string;
  partition: number;
  seq: number;
  at: number;
  free: number | null;
  counters: string;
  /** JSON: by reason; null: none. */
  pushes: string | null;
}

const COUNTERS = `SELECT voucher_id AS "voucherId", partition, head_seq AS seq, head_at AS at, free, counters,
  (SELECT json_object_agg(r.reason, r.count ORDER BY r.reason) FROM refused_pushes r
   WHERE r.partition = v.partition AND r.voucher_id = v.voucher_id) AS pushes FROM vouchers v`;

export function countersShown(voucher: VoucherState, partition: number): Counters {
  const { head, voucherId } = voucher;
  return { voucherId, ...countersOf(voucher), asOf: { partition, seq: head.seq, at: new Date(head.at).toISOString() } };
}

@Injectable()
export class CountersReader {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
  ) {}

  /** As they are kept, without recomputing anything; with the pushes that were not granted. */
  async now(voucherIds: readonly string[]): Promise<Counters[]> {
    return (await this.rows(voucherIds)).map(shown);
  }

  /** The same without those pushes: what follows from the events alone. */
  async projected(voucherIds: readonly string[]): Promise<Counters[]> {
    return (await this.rows(voucherIds)).map((row) => shown({ ...row, pushes: null }));
  }

  private async rows(voucherIds: readonly string[]): Promise<CountersRow[]> {
    const places = voucherIds.map((voucherId) => this.history.partitionOf(voucherId));
    const { rows } = await this.connections.store.pools.readers.query<CountersRow>({
      name: 'counters',
      text: `${COUNTERS} WHERE (partition, voucher_id) IN (SELECT * FROM unnest($1::int[], $2::uuid[]))`,
      values: [places, voucherIds],
    });
    return rows;
  }

  async labelled(key: string, value: string): Promise<SummedCounters> {
    const { rows } = await this.connections.store.pools.readers.query<CountersRow>(
      `${COUNTERS} WHERE labels @> $1::jsonb`,
      [JSON.stringify({ [key]: value })],
    );
    return sum(rows.map(shown));
  }
}

function shown({ voucherId, partition, seq, at, free, counters, pushes }: CountersRow): Counters {
  const counts = storedCounts(JSON.parse(counters) as VoucherState['counters']);
  if (pushes !== null) counts.refused = { ...counts.refused, push: JSON.parse(pushes) as Record<string, number> };
  return { voucherId, ...counts, free, asOf: { partition, seq, at: new Date(at).toISOString() } };
}

function sum(all: readonly Counters[]): SummedCounters {
  const total: SummedCounters = { vouchers: all.length, ...NO_COUNTS, free: 0, refused: {} };
  for (const { refused, free, voucherId: _, asOf: __, ...counts } of all) {
    for (const [name, count] of Object.entries(counts)) total[name as keyof typeof counts] += count;
    total.free = total.free === null || free === null ? null : total.free + free;
    addRefusals(total.refused, refused);
  }
  return total;
}

function addRefusals(total: Refusals, refused: Refusals): void {
  for (const [kind, reasons] of Object.entries(refused)) {
    const sums = (total[kind as keyof Refusals] ??= {});
    for (const [reason, count] of Object.entries(reasons)) sums[reason] = (sums[reason] ?? 0) + count;
  }
}
