// One partition has one writer, and the cursor's row is what makes it so: see append.statement.ts.
import { appendStatement } from './append.statement.ts';
import { send } from './sending.ts';
import { connectPools, type Pools } from './session.ts';
import type { Batch, Cursor } from './rows.ts';

/**
 * The cursor is not as expected: another owner moved it, or an own commit whose answer was lost, or a rebuild moved its
 * epoch. The owner must drop its state and read it anew.
 */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  /** No record's fault: see `faultOf`. */
  readonly fault = 'world';
}

/** The tables belong to another cluster or topic: a person must look. */
export class ForeignLog extends Error {
  override readonly name = 'ForeignLog';
}

/** The log that a partition's cursor counts in. */
export interface LogIdentity {
  clusterId: string;
  topicId: string;
}

/** A batch on its way. */
export interface Appending {
  /** Postgres has all of it and works: so may whoever sent it. Never rejects. */
  readonly sent: Promise<void>;
  /** As of `LedgerStore.append`. */
  readonly written: Promise<Cursor>;
}

/** The ledger's database: writes here, reads in context.reader.ts and events.reader.ts. */
export class LedgerStore {
  readonly pools: Pools;

  /** @param schema other tables of the same shape, as those of a rebuild; the database's owner alone may. */
  constructor(url: string, onError: (error: Error) => void = () => undefined, schema?: string) {
    this.pools = connectPools(url, onError, schema);
  }

  /**
   * Where a partition stands; made if it was never read.
   * @throws ForeignLog where the cursor counts in another log. Whether this one reaches so far, who reads it must see:
   * its end has to be asked for after the cursor, which a former owner may still move.
   */
  async open(partition: number, log: LogIdentity): Promise<Cursor> {
    const { writers } = this.pools;
    await writers.query(
      'INSERT INTO cursor (partition, cluster_id, topic_id, next_offset, next_seq) VALUES ($1, $2, $3, 0, 1) ON CONFLICT DO NOTHING',
      [partition, log.clusterId, log.topicId],
    );
    // FOR UPDATE waits for a commit under way, be it another owner's or an own one whose answer was lost.
    const { rows } = await writers.query<{ cluster: string; topic: string } & Cursor>(
      `SELECT cluster_id AS cluster, topic_id AS topic, next_offset AS "nextOffset", next_seq AS "nextSeq", epoch
       FROM cursor WHERE partition = $1 FOR UPDATE`,
      [partition],
    );
    const { cluster, topic, ...cursor } = rows[0]!;
    if (cluster !== log.clusterId || topic !== log.topicId) {
      throw new ForeignLog(
        `partition ${partition} was read from topic ${topic} of cluster ${cluster}, not from ${log.topicId} of ${log.clusterId}`,
      );
    }
    return cursor;
  }

  /**
   * Writes a batch in one transaction and answers where the partition then stands.
   * @throws Fenced where the cursor did not stand at `batch.from`; Postgres's own errors. Nothing is written then,
   * but for a connection lost before the answer: `open` tells.
   */
  append(batch: Batch): Promise<Cursor> {
    return this.prepare(batch)().written;
  }

  /** `append` in two steps: all is encoded now, for a batch that is sent once the one before it is written. */
  prepare(batch: Batch): () => Appending {
    const statement = appendStatement(batch);
    const { partition, from, nextOffset, events } = batch;
    const next: Cursor = { ...from, nextOffset, nextSeq: from.nextSeq + events.length };
    return () => {
      const { sent, rows } = send<{ moved: number }>(this.pools.writers, statement);
      const written = rows.then(([row]) => {
        if (row!.moved === 1) return next;
        throw new Fenced(
          `partition ${partition} no longer stands at ${from.nextOffset}/${from.nextSeq} of epoch ${from.epoch}`,
        );
      });
      return { sent, written };
    };
  }

  async end(): Promise<void> {
    await this.pools.end();
  }
}
