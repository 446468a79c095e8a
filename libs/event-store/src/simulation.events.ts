// Reads the events of a voucher with everything from which its submissions are decided again.
import type { EventRange, ReplayedEvent } from './events.reader.ts';
import type { Queries } from './session.ts';

/** The part of an event from which a simulation decides its submission again. JSON as text. */
export interface RecordedEvent extends ReplayedEvent {
  submission: string | null;
}

/** The most `data` per page, but at least one event. Unit: bytes. */
const PAGE_BYTES = 1_000_000;
const COUNTED_AT_ONCE = 100_000;

/** The first events of a range, in order: at most `limit`, and at most 1 MB after the first one. */
export async function eventsToDecide(
  pool: Queries,
  [partition, voucherId]: [partition: number, voucherId: string],
  { after, until }: EventRange,
  limit: number,
): Promise<RecordedEvent[]> {
  const { rows } = await pool.query<RecordedEvent>({
    name: 'events-to-decide',
    text: `SELECT seq, type, voucher_id AS "voucherId", submission_id AS "submissionId", data, facts, submission FROM (
        SELECT *, sum(octet_length(data::text)) OVER (ORDER BY seq) - octet_length(data::text) AS before FROM (
          SELECT seq, type, voucher_id, submission_id, data, facts, submission FROM events
          WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5
        ) AS page
      ) AS sized WHERE before < ${PAGE_BYTES} ORDER BY seq`,
    values: [partition, voucherId, after, until, limit],
  });
  return rows;
}

/** Counts a slice of a range. @returns the count, and the last event of the slice if more may follow */
export async function countEvents(
  pool: Queries,
  [partition, voucherId]: [partition: number, voucherId: string],
  { after, until }: EventRange,
): Promise<{ count: number; last: number | undefined }> {
  const { rows } = await pool.query<{ count: number; last: number | null }>({
    name: 'count-events',
    text: `SELECT count(*)::int AS count, max(seq) AS last FROM (
        SELECT seq FROM events WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5
      ) AS slice`,
    values: [partition, voucherId, after, until, COUNTED_AT_ONCE],
  });
  const { count, last } = rows[0]!;
  return { count, last: count === COUNTED_AT_ONCE ? last! : undefined };
}
