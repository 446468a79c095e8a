// Reads a parked voucher again from the ledger's events, from the first one on, while the follower leaves the voucher
// out. The last events are read while the partition's position is locked, so that the follower continues exactly
// there.
import type { LedgerApi } from '@vouchers/service';
import pg from 'pg';
import type { OutcomeHead } from '../outcome.ts';
import type { Projection, RowsMaker } from '../projection.ts';
import { ONE_PARKED, type ParkedVoucher } from './parked.tables.ts';

/** A follower, as an operator's command knows it. */
export interface ParkedFollower<O extends OutcomeHead = OutcomeHead> {
  databaseUrl: string;
  ledger: LedgerApi;
  projection: Projection<O>;
}

/** Settings of the connection. A batch of the follower normally frees the position within the lock time-out. */
const OPTIONS = '-c lock_timeout=4000 -c idle_in_transaction_session_timeout=30000';

/**
 * @returns how many events were read.
 * @throws Error if it is not parked, or still cannot be written and stays parked
 */
export async function retryParked<O extends OutcomeHead>(
  { databaseUrl, ledger, projection }: ParkedFollower<O>,
  voucherId: string,
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl, options: OPTIONS });
  await client.connect();
  try {
    return await new ParkedRetry(client, ledger, projection, voucherId).run();
  } finally {
    // This ends the transaction and frees the lock, too.
    await client.end();
  }
}

class ParkedRetry<O extends OutcomeHead> {
  private readonly maker: RowsMaker<O>;
  /** Writes rows while the voucher is parked, so nobody reads them yet. */
  private readonly writing: string;
  private last = 0;
  private events = 0;

  constructor(
    private readonly client: pg.Client,
    private readonly ledger: LedgerApi,
    private readonly projection: Projection<O>,
    private readonly voucherId: string,
  ) {
    this.maker = projection.begin();
    this.writing = `
      WITH held AS (SELECT FROM parked_vouchers WHERE voucher_id = $${projection.parameters + 1} FOR UPDATE),
        ${projection.rowsBehind('held')}
      SELECT count(*)::int AS written FROM held`;
  }

  async run(): Promise<number> {
    const { client, voucherId } = this;
    const { positions } = this.projection;
    const partition = await this.begin();
    // The follower goes on meanwhile, so each round has fewer events to read than the one before.
    await this.readUntil(await this.position(partition));
    await client.query('BEGIN');
    await this.readUntil(await this.position(partition, 'FOR UPDATE'));
    await client.query('DELETE FROM parked_vouchers WHERE voucher_id = $1', [voucherId]);
    // The follower still takes the voucher for parked. Its next write finds another revision, and it starts again.
    await client.query(`UPDATE ${positions} SET revision = revision + 1 WHERE partition = $1`, [partition]);
    await client.query('COMMIT');
    return this.events;
  }

  /** Takes a lock, because two retries at once would overwrite each other's rows. @returns the voucher's partition */
  private async begin(): Promise<number> {
    const { client, voucherId } = this;
    const { rows } = await client.query<{ free: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended('retry ' || $1, 0)) AS free",
      [voucherId],
    );
    if (!rows[0]!.free) throw new Error('another retry of it is under way');
    const [parked] = (await client.query<ParkedVoucher>(ONE_PARKED, [voucherId])).rows;
    if (!parked) throw new Error('it is not parked');
    return parked.partition;
  }

  private async position(partition: number, lock = ''): Promise<number> {
    const text = `SELECT next_seq::float8 AS seq FROM ${this.projection.positions} WHERE partition = $1 ${lock}`;
    return (await this.client.query<{ seq: number }>(text, [partition])).rows[0]!.seq;
  }

  /** Writes the rows that follow from the voucher's events before that seq. */
  private async readUntil(before: number): Promise<void> {
    for await (const events of this.ledger.eventsOf(this.voucherId, this.last, before)) {
      const rows = await this.maker.rowsOf(events.map((event) => this.projection.readRow(event)));
      const { rows: told } = await this.client.query<{ written: number }>({
        name: 'write-parked',
        text: this.writing,
        values: [...rows.values, this.voucherId],
      });
      if (told[0]?.written !== 1) throw new Error('it is not parked any more');
      rows.written?.();
      this.last = events.at(-1)!.seq;
      this.events += events.length;
    }
  }
}
