// Reads stored events for the relay, lists, histories and replays. The replay thread runs this file without a build.
import { USER_FORGOTTEN } from '@vouchers/contracts';
import type pg from 'pg';
import { uuidArray } from './arrays.encoder.ts';
import { EVENT, filtered, ofUser, type EventFilter, type EventPlace } from './event.queries.ts';
import type { StoredEvent } from './rows.ts';
import { timeText, VoucherTimeline } from './voucher.timeline.ts';

/** The user whom a partition has forgotten, as JSON. The row is deleted when the event is published. */
const DISCLOSED = `CASE WHEN type = '${USER_FORGOTTEN}' THEN (
    SELECT json_build_object('userId', f.user_id, 'salt', f.salt, 'askers', f.askers)::text FROM forgettings f
    WHERE f.partition = events.partition AND f.seq = events.seq) END AS disclosed`;

/** The part of an event that a replay needs: `data` as text, `facts` only if they become a claim's. */
export type ReplayedEvent = Pick<StoredEvent, 'seq' | 'type' | 'voucherId' | 'submissionId' | 'facts'> & {
  data: string;
};

/** A range of a voucher's events, and the direction in which it is read. */
export interface EventRange {
  /** Only seqs above this one. */
  after: number;
  /** The last seq that counts. */
  until: number;
  descending?: boolean;
}

/** A voucher's present state, from which reading its past begins. */
export interface VoucherHead {
  seq: number;
  free: number | null;
  /** Every counter but `free`, as JSON. */
  counters: string;
  timeZone: string;
}

/** A page of events. It has fewer events than its limit if they are large. */
export interface EventsPage {
  events: StoredEvent[];
  /** More events follow these. */
  more: boolean;
}

/** The most `data` per page, but at least one event: orders have up to 500 items, definitions 128 kB. Unit: bytes. */
const PAGE_BYTES = 1_000_000;

export class EventsReader {
  private readonly pool: Pick<pg.Pool, 'query'>;

  /** @param pool a pool of `connectPools` or `connectHistory` */
  constructor(pool: Pick<pg.Pool, 'query'>) {
    this.pool = pool;
  }

  /** Events from `seq` on, in order, as they are published. */
  async from(partition: number, seq: number, limit: number): Promise<StoredEvent[]> {
    const events = await this.events<{ disclosed: string | null }>(
      `SELECT ${EVENT}, ${DISCLOSED} FROM events WHERE partition = $1 AND seq >= $2 ORDER BY seq LIMIT $3`,
      [partition, seq, limit],
    );
    return events.map(({ disclosed, ...event }) => (disclosed === null ? event : { ...event, disclosed }));
  }

  /** The same events as a page for a caller. */
  ofPartition(partition: number, seq: number, limit: number): Promise<EventsPage> {
    return this.page('events WHERE partition = $1 AND seq >= $2', [partition, seq], limit);
  }

  /** The events of a range of a partition that pass the filter, in order. Every event of the range is looked at. */
  inPartition(
    partition: number,
    { after, until }: EventRange,
    filter: EventFilter,
    limit: number,
  ): Promise<EventsPage> {
    const { values, conditions } = filtered(filter, [partition, after, until]);
    return this.page(`events WHERE partition = $1 AND seq > $2 AND seq <= $3 ${conditions}`, values, limit);
  }

  /** The seq of the partition's last event; 0 if there is none. */
  async lastSeq(partition: number): Promise<number> {
    const { rows } = await this.pool.query<{ seq: number | null }>(
      'SELECT max(seq) AS seq FROM events WHERE partition = $1',
      [partition],
    );
    return rows[0]?.seq ?? 0;
  }

  /** The last event up to `head` that was decided before the time (Unix ms), by a binary search; 0 if there is none. */
  async lastDecidedBefore(partition: number, head: number, time: number): Promise<number> {
    const { rows } = await this.pool.query<{ seq: number }>(
      `WITH RECURSIVE search (last, until) AS (
         SELECT 0::bigint, $2::bigint
         UNION ALL
         SELECT CASE WHEN decided_at < $3 THEN seq ELSE last END, CASE WHEN decided_at < $3 THEN until ELSE seq - 1 END
         FROM search JOIN events ON partition = $1 AND seq = (last + until + 1) / 2 WHERE last < until
       ) SELECT max(last) AS seq FROM search`,
      [partition, head, timeText(time)],
    );
    return rows[0]!.seq;
  }

  /** Events from `seq` on, in order, with only the fields that a replay needs. */
  async toReplay(partition: number, seq: number, limit: number): Promise<ReplayedEvent[]> {
    const { rows } = await this.pool.query<ReplayedEvent>({
      name: 'to-replay',
      text: `SELECT seq, type, voucher_id AS "voucherId", submission_id AS "submissionId", data,
        CASE WHEN type = 'voucher.claimed.v1' THEN facts END AS facts
       FROM events WHERE partition = $1 AND seq >= $2 ORDER BY seq LIMIT $3`,
      values: [partition, seq, limit],
    });
    return rows;
  }

  /**
   * The first events of a range of a voucher's events, in order, with only the fields that a replay needs: at most
   * `limit` events, and at most 1 MB after the first one. Empty if the range has none.
   */
  async ofVoucherToReplay(
    partition: number,
    voucherId: string,
    { after, until }: EventRange,
    limit: number,
  ): Promise<ReplayedEvent[]> {
    const { rows } = await this.pool.query<ReplayedEvent>({
      name: 'voucher-to-replay',
      text: `SELECT seq, type, voucher_id AS "voucherId", submission_id AS "submissionId", data, NULL AS facts FROM (
         SELECT *, sum(octet_length(data::text)) OVER (ORDER BY seq) - octet_length(data::text) AS before FROM (
           SELECT seq, type, voucher_id, submission_id, data FROM events
           WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5
         ) AS page
       ) AS sized WHERE before < ${PAGE_BYTES} ORDER BY seq`,
      values: [partition, voucherId, after, until, limit],
    });
    return rows;
  }

  /** The events of a range that pass the filter. Every event of the range is looked at until the page is full. */
  ofVoucher(
    partition: number,
    voucherId: string,
    { after, until, descending }: EventRange,
    filter: EventFilter,
    limit: number,
  ): Promise<EventsPage> {
    const { values, conditions } = filtered(filter, [partition, voucherId, after, until]);
    return this.page(
      `events WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4 ${conditions}`,
      values,
      limit,
      descending,
    );
  }

  /** The seq of the range's event number `rows`, counted in its direction; undefined if the range is shorter. */
  async endOf(
    partition: number,
    voucherId: string,
    { after, until, descending }: EventRange,
    rows: number,
  ): Promise<number | undefined> {
    const found = await this.pool.query<{ seq: number }>(
      `SELECT seq FROM events WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4
       ORDER BY seq ${descending ? 'DESC' : ''} OFFSET $5 LIMIT 1`,
      [partition, voucherId, after, until, rows - 1],
    );
    return found.rows[0]?.seq;
  }

  /**
   * A claim's events in order. The event that granted it is found by `claimed_seq`, the others by the index of claims.
   */
  ofClaim(partition: number, claimId: string, after: number, limit: number): Promise<EventsPage> {
    return this.page(
      `(SELECT e.* FROM events e JOIN claims c ON c.partition = e.partition AND c.claimed_seq = e.seq
         WHERE c.partition = $1 AND c.claim_id = $2
         UNION ALL
         SELECT e.* FROM events e WHERE e.partition = $1 AND e.claim_id = $2 AND e.type <> 'voucher.claimed.v1'
       ) AS e WHERE seq > $3`,
      [partition, claimId, after],
      limit,
    );
  }

  /** The verdict events of these submissions. */
  async ofSubmissions(partition: number, submissionIds: readonly string[]): Promise<StoredEvent[]> {
    return this.events<unknown>(
      `SELECT ${EVENT} FROM events WHERE partition = $1 AND submission_id = ANY ($2::uuid[]) ORDER BY seq`,
      [partition, uuidArray(submissionIds, (id) => id)],
    );
  }

  /** The partition does not follow from the submission, so all partitions are searched by the unique index. */
  async ofSubmission(partitions: number, submissionId: string): Promise<StoredEvent | undefined> {
    const [event] = await this.events<unknown>(
      `SELECT ${EVENT} FROM generate_series(0, $1::int - 1) AS p
       CROSS JOIN LATERAL (SELECT * FROM events WHERE partition = p AND submission_id = $2) e`,
      [partitions, submissionId],
    );
    return event;
  }

  /**
   * A user's events in all partitions, newest first, without pushes. Of each partition, the newest 10,000 count.
   * @param team if set, only events of this team's vouchers
   */
  async ofUser(
    partitions: number,
    userId: string,
    range: { before?: EventPlace; team?: string; limit: number },
  ): Promise<StoredEvent[]> {
    const { text, values } = ofUser(partitions, userId, range);
    return this.events<unknown>(text, values);
  }

  /** The voucher's present state; undefined if the ledger has no event of it. */
  async head(partition: number, voucherId: string): Promise<VoucherHead | undefined> {
    const { rows } = await this.pool.query<VoucherHead>({
      name: 'voucher-head',
      text: `SELECT head_seq AS seq, free, counters, definition #>> '{spec,windows,timeZone}' AS "timeZone"
       FROM vouchers WHERE partition = $1 AND voucher_id = $2`,
      values: [partition, voucherId],
    });
    return rows[0];
  }

  /** Finds the voucher's events by time, up to the event `head`. */
  timeline(partition: number, voucherId: string, head: number): VoucherTimeline {
    return new VoucherTimeline(this.pool, partition, voucherId, head);
  }

  /** The seq of the voucher's newest checkpoint with `after` < seq ≤ `until`. */
  async checkpointSeq(partition: number, voucherId: string, { after, until }: EventRange): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ seq: number }>(
      'SELECT seq FROM checkpoints WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq DESC LIMIT 1',
      [partition, voucherId, after, until],
    );
    return rows[0]?.seq;
  }

  /** The voucher's newest checkpoint at or before `seq`. */
  async checkpoint(
    partition: number,
    voucherId: string,
    seq: number,
  ): Promise<{ seq: number; state: string } | undefined> {
    const { rows } = await this.pool.query<{ seq: number; state: string }>(
      'SELECT seq, state FROM checkpoints WHERE partition = $1 AND voucher_id = $2 AND seq <= $3 ORDER BY seq DESC LIMIT 1',
      [partition, voucherId, seq],
    );
    return rows[0];
  }

  /** The voucher's first checkpoint with `seq` ≤ its seq ≤ `until`. */
  async nextCheckpoint(
    partition: number,
    voucherId: string,
    seq: number,
    until: number,
  ): Promise<{ seq: number; state: string } | undefined> {
    const { rows } = await this.pool.query<{ seq: number; state: string }>(
      `SELECT seq, state FROM checkpoints WHERE partition = $1 AND voucher_id = $2 AND seq >= $3 AND seq <= $4
       ORDER BY seq LIMIT 1`,
      [partition, voucherId, seq, until],
    );
    return rows[0];
  }

  /** @param from the text after FROM, without order and limit */
  private async page(from: string, values: unknown[], limit: number, descending = false): Promise<EventsPage> {
    const order = `ORDER BY seq ${descending ? 'DESC' : ''}`;
    const rows = await this.events<{ listed: number }>(
      `SELECT ${EVENT}, listed FROM (
         SELECT *, sum(size) OVER (${order}) - size AS before, (count(*) OVER ())::int AS listed FROM (
           SELECT *, octet_length(data::text) AS size FROM ${from} ${order} LIMIT $${values.length + 1}
         ) AS page
       ) AS sized WHERE before < ${PAGE_BYTES} ${order}`,
      [...values, limit + 1],
    );
    const events = rows.slice(0, limit).map(({ listed: _, ...event }) => event);
    return { events, more: (rows[0]?.listed ?? 0) > events.length };
  }

  private async events<More>(text: string, values: unknown[]): Promise<(StoredEvent & More)[]> {
    const { rows } = await this.pool.query<Omit<StoredEvent & More, 'data'> & { data: string }>(text, values);
    return rows.map((row) => ({ ...row, data: Buffer.from(row.data) }) as StoredEvent & More);
  }
}
