// Parts of queries of events.
import type { EventType } from '@vouchers/contracts';

/** The columns of a stored event. */
export const EVENT = `partition, seq, type, voucher_id AS "voucherId", voucher_version AS "voucherVersion",
  submission_id AS "submissionId", user_id AS "userId", claim_id AS "claimId", redemption_id AS "redemptionId", reason,
  at, occurred_at AS "occurredAt", decided_at AS "decidedAt", traceparent, data, facts,
  submission, salt, encode(commitment, 'hex') AS commitment`;

/** A filter on a voucher's events. Times are Unix milliseconds, `from` ≤ at < `to`. */
export interface EventFilter {
  userId?: string;
  type?: EventType;
  reason?: string;
  from?: number;
  to?: number;
}

/** The place of an event among all partitions. `at` is in Unix milliseconds. */
export interface EventPlace {
  at: number;
  partition: number;
  seq: number;
}

/** The most events of a user that one partition is searched for. */
const MOST_OF_USER = 10_000;

/** The filter's conditions, as text that follows other conditions with these values. */
export function filtered(filter: EventFilter, before: readonly unknown[]): { values: unknown[]; conditions: string } {
  const values = [...before];
  const conditions: string[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`AND ${condition} $${values.length}`);
  };
  where('user_id =', filter.userId);
  where('type =', filter.type);
  where('reason =', filter.reason);
  where('at >=', filter.from === undefined ? undefined : new Date(filter.from).toISOString());
  where('at <', filter.to === undefined ? undefined : new Date(filter.to).toISOString());
  return { values, conditions: conditions.join(' ') };
}

/** A user's events in all partitions, newest first, without pushes. Of each partition, the newest 10,000 count. */
export function ofUser(
  partitions: number,
  userId: string,
  { before, team, limit }: { before?: EventPlace; team?: string; limit: number },
): { text: string; values: unknown[] } {
  return {
    text: `WITH found AS (
         SELECT e.partition, e.seq, e.at FROM generate_series(0, $1::int - 1) AS p
         CROSS JOIN LATERAL (
           SELECT partition, seq, at, voucher_id FROM events
           WHERE partition = p AND hashtext(user_id) = hashtext($2) AND user_id = $2 AND type <> 'voucher.pushed.v1'
           ORDER BY seq DESC LIMIT ${MOST_OF_USER}
         ) AS e
         LEFT JOIN vouchers v ON $6::text IS NOT NULL AND v.partition = e.partition AND v.voucher_id = e.voucher_id
         WHERE ($6::text IS NULL OR coalesce(v.team, v.definition ->> 'team') = $6)
           AND ($3::timestamptz IS NULL OR (e.at, e.partition, e.seq) < ($3, $4::int, $5::bigint))
         ORDER BY e.at DESC, e.partition DESC, e.seq DESC LIMIT $7
       )
       SELECT ${EVENT} FROM found JOIN events USING (partition, seq, at) ORDER BY at DESC, partition DESC, seq DESC`,
    values: [
      partitions,
      userId,
      before === undefined ? null : new Date(before.at).toISOString(),
      before?.partition ?? null,
      before?.seq ?? null,
      team ?? null,
      limit,
    ],
  };
}
