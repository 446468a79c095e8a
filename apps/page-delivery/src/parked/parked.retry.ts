// Reads a parked voucher again from the ledger's events, from the first one on, while the projector leaves the voucher
// out. The last events are read while the partition's position is locked, so that the projector continues exactly
// there.
import { ONE_PARKED, type ParkedVoucher } from '@vouchers/service';
import type { VoucherState } from '@vouchers/voucher';
import pg from 'pg';
import type { LedgerClient } from '../ledger/ledger.client.ts';
import { outcomeOfRow } from '../read-model/outcome.ts';
import { writeParked } from '../read-model/projection.statement.ts';
import { Projection } from '../read-model/projection.ts';

/** Settings of the connection. A batch of the projector normally frees the position within the lock time-out. */
const OPTIONS = '-c lock_timeout=4000 -c idle_in_transaction_session_timeout=30000';
const POSITION = 'SELECT next_seq::float8 AS seq FROM positions WHERE partition = $1';

/**
 * @returns how many events were read.
 * @throws Error if it is not parked, or still cannot be written and stays parked
 */
export async function retryParked(databaseUrl: string, ledger: LedgerClient, voucherId: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl, options: OPTIONS });
  await client.connect();
  try {
    return await new ParkedRetry(client, ledger, voucherId).run();
  } finally {
    // This ends the transaction and frees the lock, too.
    await client.end();
  }
}

class ParkedRetry {
  private readonly states = new Map<string, VoucherState>();
  private last = 0;
  private events = 0;

  constructor(
    private readonly client: pg.Client,
    private readonly ledger: LedgerClient,
    private readonly voucherId: string,
  ) {}

  async run(): Promise<number> {
    const partition = await this.begin();
    // The projector goes on meanwhile, so each round has fewer events to read than the one before.
    await this.readUntil(await this.position(POSITION, partition));
    await this.client.query('BEGIN');
    await this.readUntil(await this.position(`${POSITION} FOR UPDATE`, partition));
    await this.client.query('DELETE FROM parked_vouchers WHERE voucher_id = $1', [this.voucherId]);
    // The projector still takes the voucher for parked. Its next write finds another revision, and it starts again.
    await this.client.query('UPDATE positions SET revision = revision + 1 WHERE partition = $1', [partition]);
    await this.client.query('COMMIT');
    return this.events;
  }

  /** A lock, since two retries at once would overwrite each other's rows. */
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

  private async position(text: string, partition: number): Promise<number> {
    return (await this.client.query<{ seq: number }>(text, [partition])).rows[0]!.seq;
  }

  /** Writes the rows that follow from the voucher's events before that seq. */
  private async readUntil(before: number): Promise<void> {
    for await (const rows of this.ledger.eventsOf(this.voucherId, this.last, before)) {
      const projection = new Projection(this.states);
      for (const row of rows) projection.add(outcomeOfRow(row));
      if (!(await writeParked(this.client, this.voucherId, projection))) throw new Error('it is not parked any more');
      for (const [id, state] of projection.vouchers) this.states.set(id, state);
      this.last = rows.at(-1)!.seq;
      this.events += rows.length;
    }
  }
}
