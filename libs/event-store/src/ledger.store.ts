// The cursor's row ensures that one partition has one writer: see append.statement.ts.
import { appendStatement } from './append.statement.ts';
import { ArrayRoom } from './arrays.encoder.ts';
import { BrokenChain, chainSecret, chainUpTo } from './chain/chain.ts';
import { derivedSalt, HASH_BYTES } from './chain/event.hash.ts';
import { send, sendTogether } from './sending.ts';
import { connectPools, type Pools } from './session.ts';
import type { Batch, Cursor } from './rows.ts';
import type pg from 'pg';

/**
 * The cursor is not as expected. Another owner moved it, or an own commit whose answer was lost, or a rebuild moved its
 * epoch. The owner must drop its state and read it again.
 */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  /** No record is the cause: see `failureCauseOf`. */
  readonly failureCause = 'infrastructure';
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

/** Other statements of the transaction must not wait for a former owner's rows, so the fence comes first. */
const cursorLock = ({ partition, from }: Batch): pg.QueryConfig => ({
  text: `SELECT FROM cursor WHERE partition = $1 AND next_offset = $2 AND next_seq = $3 AND epoch = $4 FOR UPDATE`,
  values: [partition, from.nextOffset, from.nextSeq, from.epoch],
});

/** The rooms that are kept for the next statements. A larger one is not kept. Unit of the size: bytes. */
const MOST_ROOMS = 4;
const LARGEST_ROOM = 4_000_000;

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
  /** The rooms that no statement uses. */
  private readonly rooms: ArrayRoom[] = [];

  /** @param schema other tables of the same shape, such as those of a rebuild; only the database's owner may use it */
  constructor(url: string, onError: (error: Error) => void = () => undefined, schema?: string) {
    this.pools = connectPools(url, onError, schema);
  }

  /**
   * The partition's cursor, which is created if it does not exist. Events without hashes get them first.
   *
   * The caller must check that the log reaches the cursor's offset. It must ask for the log's end after this call,
   * since a former owner may move the cursor until then.
   * @throws ForeignLog if the cursor belongs to another log; BrokenChain if events and hashes do not fit; Fenced if a
   * former owner wrote meanwhile
   */
  async open(partition: number, log: LogIdentity): Promise<Cursor> {
    const { writers } = this.pools;
    await writers.query(
      'INSERT INTO cursor (partition, cluster_id, topic_id, next_offset, next_seq) VALUES ($1, $2, $3, 0, 1) ON CONFLICT DO NOTHING',
      [partition, log.clusterId, log.topicId],
    );
    // FOR UPDATE waits for a commit under way, of another owner or an own one whose answer was lost.
    const { rows } = await writers.query<{ cluster: string; topic: string } & Omit<Cursor, 'hash'>>(
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
    try {
      return { ...cursor, hash: await chainUpTo(writers, partition, cursor.nextSeq) };
    } catch (error) {
      if (error instanceof BrokenChain) await this.expectUnmoved(partition, cursor);
      throw error;
    }
  }

  /** A former owner may commit its last batch between the reads of the cursor and of the chain. @throws Fenced if so */
  private async expectUnmoved(partition: number, { nextSeq }: Pick<Cursor, 'nextSeq'>): Promise<void> {
    const { rows } = await this.pools.writers.query<{ nextSeq: number }>(
      'SELECT next_seq AS "nextSeq" FROM cursor WHERE partition = $1',
      [partition],
    );
    if (rows[0]?.nextSeq !== nextSeq) throw new Fenced(`partition ${partition} was written while it was opened`);
  }

  /**
   * Adds the hashes that an older release left out, while that release still owns the partitions. So whoever takes one
   * over has little left to add. The second round adds what was written during the first.
   */
  async chainAll(): Promise<void> {
    for (let round = 1; round <= 2; round += 1) {
      const { rows } = await this.pools.readers.query<{ partition: number; nextSeq: number }>(
        'SELECT partition, next_seq AS "nextSeq" FROM cursor ORDER BY partition',
      );
      for (const { partition, nextSeq } of rows) {
        await chainUpTo(this.pools.writers, partition, nextSeq).catch((error: unknown) => {
          // The partition's owner halts and says so.
          if (!(error instanceof BrokenChain)) throw error;
        });
      }
    }
  }

  /** Returns a function that gives the salt of a submission which brings none, by its id. */
  async salts(): Promise<(submissionId: string) => string> {
    const secret = await chainSecret(this.pools.readers);
    return (submissionId) => derivedSalt(secret, submissionId);
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
    const room = this.rooms.pop() ?? new ArrayRoom();
    const statement = room.fill(() => appendStatement(batch));
    const { partition, from, nextOffset, events, hashes, before } = batch;
    const hash = hashes.slice(-2 * HASH_BYTES) || from.hash;
    const next: Cursor = { ...from, nextOffset, nextSeq: from.nextSeq + events.length, hash };
    return () => {
      const { sent, rows } = before
        ? sendTogether(this.pools.writers, { lock: cursorLock(batch), before, last: statement })
        : send<{ moved: number }>(this.pools.writers, statement);
      const written = rows.then(([row]) => {
        this.keep(room);
        if (row!.moved === 1) return next;
        throw new Fenced(
          `partition ${partition} no longer stands at ${from.nextOffset}/${from.nextSeq} of epoch ${from.epoch}`,
        );
      });
      return { sent, written };
    };
  }

  private keep(room: ArrayRoom): void {
    if (this.rooms.length < MOST_ROOMS && room.size <= LARGEST_ROOM) this.rooms.push(room);
  }

  async end(): Promise<void> {
    await this.pools.end();
  }
}
