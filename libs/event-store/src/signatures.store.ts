// Stores from which record on a partition's records must be signed. Records before it were written before signatures
// were required. A ledger that is restored from a backup reads them again, and they are still good.
import type { LedgerStore, LogIdentity } from './ledger.store.ts';

export class SignaturesStore {
  constructor(private readonly store: LedgerStore) {}

  /**
   * Returns the offset from which on signatures are required.
   * @param end gives the log's end, which is the offset if none is stored yet
   */
  async requiredFrom(partition: number, { topicId }: LogIdentity, end: () => Promise<bigint>): Promise<number> {
    const { writers } = this.store.pools;
    const { rows } = await writers.query<{ from: number }>(
      'SELECT from_offset AS "from" FROM signatures_required WHERE partition = $1 AND topic_id = $2',
      [partition, topicId],
    );
    if (rows[0]) return rows[0].from;
    const from = await end();
    await writers.query(
      `INSERT INTO signatures_required (partition, topic_id, from_offset) VALUES ($1, $2, $3)
       ON CONFLICT (partition) DO UPDATE SET topic_id = excluded.topic_id, from_offset = excluded.from_offset`,
      [partition, topicId, String(from)],
    );
    return Number(from);
  }

  /** An owner that requires no signatures calls this. If they are required again later, another offset is stored. */
  async notRequired(partition: number): Promise<void> {
    await this.store.pools.writers.query('DELETE FROM signatures_required WHERE partition = $1', [partition]);
  }
}
