// Stores operators' orders to skip a record, and how far the quarantine was read.
import type { LedgerStore, LogIdentity } from './ledger.store.ts';

export interface SkipOrder {
  partition: number;
  offset: number;
  /** The operator. */
  by: string;
  why: string;
}

export class SetAsideStore {
  constructor(private readonly store: LedgerStore) {}

  /**
   * Stores an operator's order. The owner carries it out if that record is stuck. The first order for a record counts.
   */
  async order({ partition, offset, by, why }: SkipOrder, { topicId }: LogIdentity): Promise<void> {
    await this.store.pools.writers.query(
      `INSERT INTO skip_orders (partition, topic_id, record_offset, ordered_by, why) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [partition, topicId, offset, by, why],
    );
  }

  /** Returns the order for that record, and marks it as carried out. */
  async carryOut(partition: number, offset: number, { topicId }: LogIdentity): Promise<SkipOrder | undefined> {
    const { rows } = await this.store.pools.writers.query<SkipOrder>(
      `UPDATE skip_orders SET carried_out_at = coalesce(carried_out_at, now())
       WHERE partition = $1 AND topic_id = $2 AND record_offset = $3
       RETURNING partition, record_offset AS "offset", ordered_by AS "by", why`,
      [partition, topicId, offset],
    );
    return rows[0];
  }

  /** The offset from which the partition's quarantine must be read. */
  async quarantineRead(partition: number): Promise<bigint> {
    const { rows } = await this.store.pools.writers.query<{ next: number }>(
      'SELECT next_offset AS next FROM quarantine_read WHERE partition = $1',
      [partition],
    );
    return BigInt(rows[0]?.next ?? 0);
  }

  async rememberRead(partition: number, next: bigint): Promise<void> {
    await this.store.pools.writers.query(
      `INSERT INTO quarantine_read (partition, next_offset) VALUES ($1, $2)
       ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset`,
      [partition, String(next)],
    );
  }

  /** Resolves if Postgres accepts a write. */
  async probe(): Promise<void> {
    await this.store.pools.writers.query(
      `INSERT INTO write_probe (one, at) VALUES (true, now()) ON CONFLICT (one) DO UPDATE SET at = excluded.at`,
    );
  }
}
