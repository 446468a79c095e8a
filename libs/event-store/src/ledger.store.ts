// The cursor's row ensures that one partition has one writer: see append.statement.ts.
import { appendStatement } from './append.statement.ts';
import { send } from './sending.ts';
import { connectPools, type Pools } from './session.ts';
import type { Batch, Cursor } from './rows.ts';

/**
 * The cursor is not as expected. Another owner moved it, or an own commit whose answer was lost, or a rebuild moved its
 * epoch. The owner must drop its state and read it again.
 */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  /** No record is at fault: see `faultOf`. */
  readonly fault = 'world';
}

/** The tables belong to another cluster or topic. An operator must decide what to do. */
export class ForeignLog extends Error {
  override readonly name = 'ForeignLog';
}

/** The log to which a cursor's offset belongs. */
export interface LogIdentity {
  clusterId: string;
  topicId: string;
}

/** A batch that is being written. */
export interface Appending {
  /** Postgres has the whole statement and works on it, so the caller may compute meanwhile. Never rejects. */
  readonly sent: Promise<void>;
  /** The result of `LedgerStore.append`. */
  readonly written: Promise<Cursor>;
}

/** Writes to the ledger's database; context.reader.ts and events.reader.ts read it. */
export class LedgerStore {
  readonly pools: Pools;

  /** @param schema other tables of the same shape, such as those of a rebuild; only the database's owner may use it */
  constructor(url: string, onError: (error: Error) => void = () => undefined, schema?: string) {
    this.pools = connectPools(url, onError, schema);
  }

  /**
   * The partition's cursor, which is created if it does not exist.
   *
   * The caller must check that the log reaches the cursor's offset. It must ask for the log's end after this call,
   * since a former owner may move the cursor until then.
   * @throws ForeignLog if the cursor belongs to another log
   */
  async open(partition: number, log: LogIdentity): Promise<Cursor> {
    const { writers } = this.pools;
    await writers.query(
      'INSERT INTO cursor (partition, cluster_id, topic_id, next_offset, next_seq) VALUES ($1, $2, $3, 0, 1) ON CONFLICT DO NOTHING',
      [partition, log.clusterId, log.topicId],
    );
    // FOR UPDATE waits for a commit under way, of another owner or an own one whose answer was lost.
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
   * Writes a batch in one transaction and returns the new cursor.
   * @throws Fenced if the cursor is not `batch.from`; the errors of Postgres. Then nothing is written. But if the
   * connection was lost before the answer, it may be written: `open` tells.
   */
  append(batch: Batch): Promise<Cursor> {
    return this.prepare(batch)().written;
  }

  /** `append` in two steps: this call encodes the batch, and the returned function sends it when its turn comes. */
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
