// Compares one partition's projections with the rebuilt ones while its owner goes on, in slices ordered by key. A slice
// is compared without a lock, so rows that the owner changes meanwhile differ, too. Rows that differ are compared again
// while the owner waits, so that both sides are of the same moment. If they still differ, the same transaction corrects
// them.
import type pg from 'pg';
import type { PartitionReplay } from './partition.replay.ts';
import { differencesAt, endOfSlice, PROJECTIONS, repairs, suspectsIn, type Projection } from './projections.ts';

/** The rows that one statement compares. */
export const SLICE = 10_000;
/** The most rows per table that are reported. */
const SHOWN = 20;
/** The most events that are replayed while the owner waits. The others are replayed before. */
const EVENTS_WAITED_FOR = 1_000;
/** The most rounds of catching up. If replaying is no faster than deciding, the owner then waits for the rest. */
const MOST_CATCH_UPS = 5;

/** The vouchers of corrected rows, by table: those whose next wake time depends on the table. */
const WHOSE: Record<string, string> = {
  vouchers: '$2::uuid[]',
  claims: 'ARRAY(SELECT voucher_id FROM claims c WHERE c.partition = $1 AND c.claim_id = ANY ($2::uuid[]))',
  entries: 'ARRAY(SELECT voucher_id FROM entries e WHERE e.partition = $1 AND e.entry_id = ANY ($2::uuid[]))',
};

type Key = string[];
interface Difference extends Record<string, string | null> {
  live: string | null;
  rebuilt: string | null;
}

export class PartitionComparison {
  constructor(
    private readonly client: pg.Client,
    private readonly partition: number,
    private readonly replay: PartitionReplay,
    private readonly slice: number,
  ) {}

  /** Replays, compares and corrects. @returns lines about the differences, as in `RebuildReport` */
  async run(): Promise<string[]> {
    await this.catchUp();
    const differences: string[] = [];
    for (const projection of PROJECTIONS) differences.push(...(await this.compareTable(projection)));
    return differences;
  }

  private async compareTable(projection: Projection): Promise<string[]> {
    const told: string[] = [];
    let shown = 0;
    let after: Key | undefined;
    do {
      await this.catchUp();
      const until = await this.endOfSlice(projection, after);
      const suspects = await this.suspects(projection, after, until);
      const differences = suspects.length > 0 ? await this.settle(projection, suspects) : [];
      for (const { live, rebuilt } of differences.slice(0, SHOWN - shown)) {
        shown += 1;
        const line = `${projection.table}, partition ${this.partition}, only`;
        if (live !== null) told.push(`${line} live: ${live}`);
        if (rebuilt !== null) told.push(`${line} rebuilt: ${rebuilt}`);
      }
      after = until;
    } while (after);
    return told;
  }

  /** The key of the slice's last row. Undefined if the slice reaches the end of the table. */
  private async endOfSlice(projection: Projection, after: Key | undefined): Promise<Key | undefined> {
    const values = [this.partition, this.slice - 1, ...(after ?? [])];
    const { rows } = await this.client.query<Record<string, string>>(endOfSlice(projection, !!after), values);
    return rows[0] && keyOf(projection, rows[0]);
  }

  private async suspects(projection: Projection, after: Key | undefined, until: Key | undefined): Promise<Key[]> {
    const values = [this.partition, ...(after ?? []), ...(until ?? [])];
    const text = suspectsIn(projection, !!after, !!until);
    const { rows } = await this.client.query<Record<string, string>>(text, values);
    return rows.map((row) => keyOf(projection, row));
  }

  /**
   * Compares rows while the owner waits for the cursor's row. If a row is corrected, the epoch moves, so the owner
   * reads everything again.
   */
  private async settle(projection: Projection, suspects: Key[]): Promise<Difference[]> {
    const { client, partition } = this;
    await this.catchUp();
    await client.query('BEGIN');
    try {
      await this.replay.until(await this.head('FOR UPDATE'));
      const { rows } = await client.query<Difference>(differencesAt(projection), [
        partition,
        ...columnsOf(projection, suspects),
      ]);
      if (rows.length > 0) {
        await this.putRight(
          projection,
          rows.map((row) => keyOf(projection, row)),
        );
        await client.query('UPDATE cursor SET epoch = epoch + 1 WHERE partition = $1', [partition]);
      }
      await client.query('COMMIT');
      return rows;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  private async putRight(projection: Projection, keys: Key[]): Promise<void> {
    const values = [this.partition, ...columnsOf(projection, keys)];
    for (const statement of repairs(projection)) await this.client.query(statement, values);
    const vouchers = keys.map(([voucherId]) => voucherId);
    if (projection.table === 'vouchers') {
      // A checkpoint may be as wrong as the row was. Without it, a replay begins earlier.
      const text = 'DELETE FROM checkpoints WHERE partition = $1 AND voucher_id = ANY ($2::uuid[])';
      await this.client.query(text, [this.partition, vouchers]);
    }
    const whose = WHOSE[projection.table];
    if (whose === undefined) return;
    // The next wake time may have changed. A lower bound is enough, because the next tick finds the exact time.
    await this.client.query(
      `UPDATE vouchers SET wake_at = head_at WHERE partition = $1 AND voucher_id = ANY (${whose})`,
      [this.partition, vouchers],
    );
  }

  /** Replays until the owner would only have to wait for a few events. */
  private async catchUp(): Promise<void> {
    for (let times = 0; times < MOST_CATCH_UPS; times += 1) {
      const head = await this.head();
      const behind = head - this.replay.nextSeq;
      await this.replay.until(head);
      if (behind < EVENTS_WAITED_FOR) return;
    }
  }

  private async head(lock = ''): Promise<number> {
    const { rows } = await this.client.query<{ seq: string }>(
      `SELECT next_seq AS seq FROM cursor WHERE partition = $1 ${lock}`,
      [this.partition],
    );
    return Number(rows[0]!.seq);
  }
}

const keyOf = ({ key }: Projection, row: Record<string, string | null>): Key => key.map(([column]) => row[column]!);
/** The keys as one array per column. */
const columnsOf = ({ key }: Projection, keys: Key[]): string[][] =>
  key.map((_, index) => keys.map((one) => one[index]!));
