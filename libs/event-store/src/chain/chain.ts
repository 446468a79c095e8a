// The chain of a partition: a hash for each event, written by the statement that writes the event. Rows that an older
// release wrote have none, so the next owner adds them before its first write.
import type { EventData } from '@vouchers/contracts';
import { EventsReader } from '../events.reader.ts';
import type { StoredEvent } from '../rows.ts';
import type { Queries } from '../session.ts';
import { derivedSalt, GENESIS, hashOf, type HashedEvent } from './event.hash.ts';

/** The events of one row that is added later. A page of them has at most 1 MB. */
const PAGE = 1_000;

/**
 * Events and hashes do not fit: some were deleted or altered, or parts of different backups were restored. An operator
 * must decide what to do.
 */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';
}

/** The last hash of a partition. */
export interface ChainEnd {
  /** The seq of its event; 0 if the partition has no hash. */
  seq: number;
  /** Hex. */
  hash: string;
}

/** The secret from which the salts of submissions without salt are derived. */
export async function chainSecret(pool: Queries): Promise<Buffer> {
  const { rows } = await pool.query<{ secret: Buffer }>('SELECT secret FROM chain_secret');
  return rows[0]!.secret;
}

export async function chainEnd(pool: Queries, partition: number): Promise<ChainEnd> {
  const { rows } = await pool.query<ChainEnd>(
    `SELECT first_seq + octet_length(hashes) / 32 - 1 AS seq,
       encode(substr(hashes, octet_length(hashes) - 31), 'hex') AS hash
     FROM chain WHERE partition = $1 ORDER BY first_seq DESC LIMIT 1`,
    [partition],
  );
  return rows[0] ?? { seq: 0, hash: GENESIS };
}

/** The most hashes that are read at once because they lie between two that are wanted. */
const MOST_BETWEEN = 50_000;

/** The stored hashes of these events. Those that have none are left out. */
export async function hashesAt(
  pool: Queries,
  partition: number,
  seqs: readonly number[],
): Promise<Map<number, string>> {
  if (seqs.length === 0) return new Map();
  const [first, last] = [Math.min(...seqs), Math.max(...seqs)];
  if (last - first > MOST_BETWEEN) return hashesApart(pool, partition, seqs);
  const { rows } = await pool.query<{ from_seq: number; hashes: Buffer }>({
    name: 'hashes-between',
    text: `SELECT greatest(first_seq, $2) AS from_seq,
       substr(hashes, (greatest($2 - first_seq, 0) * 32 + 1)::int, (($3 - greatest(first_seq, $2) + 1) * 32)::int) AS hashes
     FROM chain WHERE partition = $1 AND first_seq <= $3
       AND first_seq >= coalesce((SELECT max(first_seq) FROM chain WHERE partition = $1 AND first_seq <= $2), 1)`,
    values: [partition, first, last],
  });
  const wanted = new Set(seqs);
  const found = new Map<number, string>();
  for (const { from_seq: from, hashes } of rows)
    for (let index = 0; index < hashes.length / 32; index += 1)
      if (wanted.has(from + index)) found.set(from + index, hashes.toString('hex', index * 32, index * 32 + 32));
  return found;
}

/** The same for events that lie far apart: one search per event. */
async function hashesApart(pool: Queries, partition: number, seqs: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await pool.query<ChainEnd>({
    name: 'hashes-at',
    text: `SELECT asked.seq, encode(substr(c.hashes, ((asked.seq - c.first_seq) * 32 + 1)::int, 32), 'hex') AS hash
     FROM unnest($2::int8[]) AS asked (seq) CROSS JOIN LATERAL (
       SELECT first_seq, hashes FROM chain WHERE partition = $1 AND first_seq <= asked.seq
       ORDER BY first_seq DESC LIMIT 1
     ) c WHERE octet_length(c.hashes) >= (asked.seq - c.first_seq + 1) * 32`,
    values: [partition, seqs],
  });
  return new Map(rows.map(({ seq, hash }) => [seq, hash]));
}

/** A stored event as it is hashed. */
export function hashed(stored: StoredEvent, secret: Buffer): HashedEvent {
  const { submissionId, commitment } = stored;
  const salt = stored.salt ?? (submissionId && commitment === null ? derivedSalt(secret, submissionId) : null);
  return { ...stored, salt, said: JSON.parse(stored.data.toString()) as EventData };
}

/**
 * Adds the hashes of all events before `nextSeq` that have none, one page per row. Others may do the same meanwhile,
 * since all make the same hashes. @returns the hash of the event before `nextSeq`
 * @throws BrokenChain if an event is missing, or if there are hashes of later events
 */
export async function chainUpTo(pool: Queries, partition: number, nextSeq: number): Promise<string> {
  const events = new EventsReader(pool);
  let secret: Buffer | undefined;
  for (;;) {
    const end = await chainEnd(pool, partition);
    const next = end.seq + 1;
    if (next === nextSeq) return end.hash;
    if (next > nextSeq)
      throw new BrokenChain(`partition ${partition} has hashes up to ${end.seq}, but events only before ${nextSeq}`);
    secret ??= await chainSecret(pool);
    const page = await events.ofPartition(partition, next, Math.min(PAGE, nextSeq - next));
    let { hash } = end;
    const hashes = page.events.map((stored, index) => {
      if (stored.seq !== next + index) throw new BrokenChain(`event ${partition}:${next + index} is missing`);
      return (hash = hashOf(hash, hashed(stored, secret!)));
    });
    if (hashes.length === 0) throw new BrokenChain(`event ${partition}:${next} is missing`);
    await pool.query(
      'INSERT INTO chain (partition, first_seq, hashes, added_later) VALUES ($1, $2, $3, true) ON CONFLICT DO NOTHING',
      [partition, next, Buffer.from(hashes.join(''), 'hex')],
    );
  }
}
