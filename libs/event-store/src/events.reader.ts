// Events as they were written: for the relay, for lists, histories and replays.
import type { EventType } from '@vouchers/contracts';
import { uuidArray } from './arrays.encoder.ts';
import type { LedgerStore } from './ledger.store.ts';
import type { StoredEvent } from './rows.ts';

const EVENT = `partition, seq, type, voucher_id AS "voucherId", voucher_version AS "voucherVersion",
  submission_id AS "submissionId", user_id AS "userId", claim_id AS "claimId", redemption_id AS "redemptionId", reason,
  at, occurred_at AS "occurredAt", decided_at AS "decidedAt", traceparent, data, facts,
  submission`;

/** What a replay needs of an event: `data` as text, `facts` where they become a claim's. */
export type ReplayedEvent = Pick<StoredEvent, 'seq' | 'type' | 'voucherId' | 'submissionId' | 'facts'> & {
  data: string;
};

/** Which of a voucher's events, and in which order. Times are Unix milliseconds, `from` ≤ at < `to`. */
export interface EventFilter {
  after?: number;
  /** The last seq that counts. */
  until?: number;
  limit: number;
  descending?: boolean;
  userId?: string;
  type?: EventType;
  reason?: string;
  from?: number;
  to?: number;
}

export class EventsReader {
  constructor(private readonly store: LedgerStore) {}

  /** From `seq` on, in order. */
  async from(partition: number, seq: number, limit: number): Promise<StoredEvent[]> {
    return this.events(`SELECT ${EVENT} FROM events WHERE partition = $1 AND seq >= $2 ORDER BY seq LIMIT $3`, [
      partition,
      seq,
      limit,
    ]);
  }

  /** From `seq` on, in order, no more of each than a replay needs. */
  async toReplay(partition: number, seq: number, limit: number): Promise<ReplayedEvent[]> {
    const { rows } = await this.store.pools.readers.query<ReplayedEvent>({
      name: 'to-replay',
      text: `SELECT seq, type, voucher_id AS "voucherId", submission_id AS "submissionId", data,
        CASE WHEN type = 'voucher.claimed.v1' THEN facts END AS facts
       FROM events WHERE partition = $1 AND seq >= $2 ORDER BY seq LIMIT $3`,
      values: [partition, seq, limit],
    });
    return rows;
  }

  async ofVoucher(partition: number, voucherId: string, filter: EventFilter): Promise<StoredEvent[]> {
    const values: unknown[] = [partition, voucherId];
    const conditions: string[] = [];
    const where = (condition: string, value: unknown): void => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(`AND ${condition} $${values.length}`);
    };
    where(filter.descending ? 'seq <' : 'seq >', filter.after);
    where('seq <=', filter.until);
    where('user_id =', filter.userId);
    where('type =', filter.type);
    where('reason =', filter.reason);
    where('at >=', filter.from === undefined ? undefined : new Date(filter.from).toISOString());
    where('at <', filter.to === undefined ? undefined : new Date(filter.to).toISOString());
    values.push(filter.limit);
    return this.events(
      `SELECT ${EVENT} FROM events WHERE partition = $1 AND voucher_id = $2 ${conditions.join(' ')}
       ORDER BY seq ${filter.descending ? 'DESC' : ''} LIMIT $${values.length}`,
      values,
    );
  }

  /** A claim's events in order: its granting, found by its place, and what the index of claims holds. */
  async ofClaim(partition: number, claimId: string, after: number, limit: number): Promise<StoredEvent[]> {
    return this.events(
      `SELECT ${EVENT} FROM (
         SELECT e.* FROM events e JOIN claims c ON c.partition = e.partition AND c.claimed_seq = e.seq
         WHERE c.partition = $1 AND c.claim_id = $2
         UNION ALL
         SELECT e.* FROM events e WHERE e.partition = $1 AND e.claim_id = $2 AND e.type <> 'voucher.claimed.v1'
       ) e WHERE seq > $3 ORDER BY seq LIMIT $4`,
      [partition, claimId, after, limit],
    );
  }

  /** The verdict events of these submissions. */
  async ofSubmissions(partition: number, submissionIds: readonly string[]): Promise<StoredEvent[]> {
    return this.events(
      `SELECT ${EVENT} FROM events WHERE partition = $1 AND submission_id = ANY ($2::uuid[]) ORDER BY seq`,
      [partition, uuidArray(submissionIds)],
    );
  }

  /** A submission does not tell its partition: each is asked through its unique index. */
  async ofSubmission(partitions: number, submissionId: string): Promise<StoredEvent | undefined> {
    const [event] = await this.events(
      `SELECT ${EVENT} FROM generate_series(0, $1::int - 1) AS p
       CROSS JOIN LATERAL (SELECT * FROM events WHERE partition = p AND submission_id = $2) e`,
      [partitions, submissionId],
    );
    return event;
  }

  /** seq of the voucher's last event (in order) with `at` ≤ that time; undefined before its first. */
  async lastUntil(partition: number, voucherId: string, at: number): Promise<number | undefined> {
    const { rows } = await this.store.pools.readers.query<{ seq: number }>(
      'SELECT seq FROM events WHERE partition = $1 AND voucher_id = $2 AND at <= $3 ORDER BY seq DESC LIMIT 1',
      [partition, voucherId, new Date(at).toISOString()],
    );
    return rows[0]?.seq;
  }

  /** The voucher's newest checkpoint at or before `seq`. */
  async checkpoint(
    partition: number,
    voucherId: string,
    seq: number,
  ): Promise<{ seq: number; state: string } | undefined> {
    const { rows } = await this.store.pools.readers.query<{ seq: number; state: string }>(
      'SELECT seq, state FROM checkpoints WHERE partition = $1 AND voucher_id = $2 AND seq <= $3 ORDER BY seq DESC LIMIT 1',
      [partition, voucherId, seq],
    );
    return rows[0];
  }

  private async events(text: string, values: unknown[]): Promise<StoredEvent[]> {
    const { rows } = await this.store.pools.readers.query<Omit<StoredEvent, 'data'> & { data: string }>(text, values);
    return rows.map((row) => ({ ...row, data: Buffer.from(row.data) }));
  }
}
