// Events whose user was forgotten. The chain has the commitment to what they said before, which nobody can compute any
// more. So that nobody alters an event and calls it forgotten, each forgetting records what it left of each event, and
// its own event attests these records.
import type { Queries } from '../session.ts';
import { commitmentOf, type HashedEvent } from './event.hash.ts';
import { hash } from 'node:crypto';

/** An event with a submission, as a forgetting leaves it. All but `seq` is hex or a UUID. */
export interface ForgottenEvent {
  seq: number;
  /** The hash that the chain's hash covers instead of the personal part. */
  commitment: string;
  /** The new salt. It follows from the forgetting's salt, so a restored ledger makes the same one. */
  salt: string;
  /** The commitment to what is left of the personal part. */
  remainder: string;
}

/** @param left the event with its new salt. Facts do not count, since those of a live claim leave later. */
export function remainderOf(left: HashedEvent): string {
  return commitmentOf({ ...left, facts: null, commitment: null });
}

/** SHA-256 over seq (8 bytes, big-endian) and remainder of each event, in order. Hex. */
export function attestationOf(events: readonly Pick<ForgottenEvent, 'seq' | 'remainder'>[]): string {
  const parts = events.map(({ seq, remainder }) => seq.toString(16).padStart(16, '0') + remainder);
  return hash('sha256', Buffer.from(parts.join(''), 'hex'), 'hex');
}

/** Reads what the last forgetting of each of these events left. `by`: the seq of its own event, which comes later. */
export async function recordsOf(
  pool: Queries,
  partition: number,
  seqs: readonly number[],
): Promise<{ seq: number; by: number; remainder: string }[]> {
  const { rows } = await pool.query<{ seq: number; by: number; remainder: string }>({
    name: 'forgotten-events',
    text: `SELECT DISTINCT ON (seq) seq, forgotten_by AS by, encode(remainder, 'hex') AS remainder FROM forgotten_events
     WHERE partition = $1 AND seq = ANY ($2::int8[]) AND forgotten_by > seq ORDER BY seq, forgotten_by DESC`,
    values: [partition, seqs],
  });
  return rows;
}

/** `attestationOf` all records of the forgetting whose event has this seq. */
export async function recordedAttestation(pool: Queries, partition: number, by: number): Promise<string> {
  const { rows } = await pool.query<{ attestation: string }>({
    name: 'recorded-attestation',
    text: `SELECT encode(sha256(coalesce(string_agg(int8send(seq) || remainder, ''::bytea ORDER BY seq), '')), 'hex')
       AS attestation
     FROM forgotten_events WHERE partition = $1 AND forgotten_by = $2`,
    values: [partition, by],
  });
  return rows[0]!.attestation;
}
