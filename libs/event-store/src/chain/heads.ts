// The head of a partition's chain: its last hash, which stands for all events up to there. Heads that were published
// show a chain that was computed anew.
import type { Queries } from '../session.ts';

/** Times are Unix milliseconds, hashes hex. */
export interface Head {
  partition: number;
  /** The seq of the last event. */
  seq: number;
  hash: string;
  /** From this seq on, each hash was written with its event. Null if the last one was added later. */
  attestedFrom: number | null;
}
export interface PublishedHead extends Head {
  at: number;
}

/** The present head; undefined if the partition has no hashes. */
export async function chainHead(pool: Queries, partition: number): Promise<Head | undefined> {
  const { rows } = await pool.query<Head & { laterUntil: number }>({
    name: 'chain-head',
    text: `SELECT partition, first_seq + octet_length(hashes) / 32 - 1 AS seq,
       encode(substr(hashes, octet_length(hashes) - 31), 'hex') AS hash,
       coalesce((SELECT l.first_seq + octet_length(l.hashes) / 32 - 1 FROM chain l
         WHERE l.partition = $1 AND l.added_later ORDER BY l.first_seq DESC LIMIT 1), 0) AS "laterUntil"
     FROM chain WHERE partition = $1 ORDER BY first_seq DESC LIMIT 1`,
    values: [partition],
  });
  if (!rows[0]) return undefined;
  const { laterUntil, ...head } = rows[0];
  return { ...head, attestedFrom: laterUntil < head.seq ? laterUntil + 1 : null };
}

/** The last head that was published; undefined if none was. */
export async function lastPublishedHead(pool: Queries, partition: number): Promise<PublishedHead | undefined> {
  const { rows } = await pool.query<PublishedHead>({
    name: 'published-head',
    text: `SELECT partition, seq, encode(hash, 'hex') AS hash, attested_from AS "attestedFrom", at FROM heads
     WHERE partition = $1 ORDER BY seq DESC LIMIT 1`,
    values: [partition],
  });
  return rows[0];
}

/** All heads that were noted as published. */
export async function notedHeads(pool: Queries): Promise<Pick<Head, 'partition' | 'seq' | 'hash'>[]> {
  const text = `SELECT partition, seq, encode(hash, 'hex') AS hash FROM heads ORDER BY partition, seq`;
  return (await pool.query<Pick<Head, 'partition' | 'seq' | 'hash'>>(text)).rows;
}

/** Notes that Kafka has the head. */
export async function notePublished(pool: Queries, head: PublishedHead): Promise<void> {
  await pool.query(
    `INSERT INTO heads (partition, seq, hash, attested_from, at) VALUES ($1, $2, decode($3, 'hex'), $4, $5)
     ON CONFLICT DO NOTHING`,
    [head.partition, head.seq, head.hash, head.attestedFrom, new Date(head.at).toISOString()],
  );
}
