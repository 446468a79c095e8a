// Reads the stored rows that deciding needs, for a whole batch at once and never claim by claim.
import { textArray, uuidArray } from './arrays.encoder.ts';
import type { ClaimRow, EntryRow, RedemptionRow, UserRow, VoucherRow } from './rows.ts';
import type { Queries } from './session.ts';

const VOUCHER = `v.voucher_id AS "voucherId", v.status, v.enabled, v.revoking,
  coalesce(v.offering, false) AS offering, v.time, v.last_version AS "lastVersion",
  v.last_verdict AS "lastVerdict", v.head_seq AS "headSeq", v.head_at AS "headAt", v.free, v.counters, v.definition,
  v.labels, v.wake_at AS "wakeAt"`;
const CLAIM = `claim_id AS "claimId", voucher_id AS "voucherId", voucher_version AS "voucherVersion", user_id AS "userId",
  state, uses, held_at AS "heldAt", use_from AS "useFrom", use_until AS "useUntil", lock_order_id AS "lockOrderId",
  lock_until AS "lockUntil", ended_by AS "endedBy", due_at AS "dueAt", claimed_seq AS "claimedSeq", facts, more`;
const ENTRY = `entry_id AS "entryId", voucher_id AS "voucherId", voucher_version AS "voucherVersion", user_id AS "userId",
  state, rank, number, joined_at AS "joinedAt", joined_seq AS "joinedSeq", offer_at AS "offerAt",
  offer_until AS "offerUntil", ended_at AS "endedAt"`;
const REDEMPTION = `redemption_id AS "redemptionId", claim_id AS "claimId", voucher_id AS "voucherId", user_id AS "userId",
  "order", at, rolled_back_at AS "rolledBackAt", discount`;

/** A voucher with the earliest due time of its claims, and how many events it has had since its last checkpoint. */
export type LoadedVoucher = VoucherRow & {
  definition: string;
  labels: string;
  firstDueAt: number | null;
  /** Counted up to MOST_COUNTED. */
  eventsSinceCheckpoint: number;
};

/** Events since a checkpoint are counted up to this number. With more, the next checkpoint is due anyway. */
const MOST_COUNTED = 5_000;

export class ContextReader {
  private readonly store: { readonly pools: { readonly readers: Queries } };

  /** @param store a `LedgerStore`, or a connection whose queries see one moment */
  constructor(store: { readonly pools: { readonly readers: Queries } }) {
    this.store = store;
  }

  vouchers(partition: number, voucherIds: readonly string[]): Promise<LoadedVoucher[]> {
    return this.rows(
      'vouchers',
      `SELECT ${VOUCHER}, (SELECT due_at FROM claims c WHERE c.partition = v.partition AND c.voucher_id = v.voucher_id
         AND c.due_at IS NOT NULL ORDER BY due_at LIMIT 1) AS "firstDueAt",
         (SELECT count(*)::int FROM (SELECT FROM events e WHERE e.partition = v.partition AND e.voucher_id = v.voucher_id
            AND e.seq > COALESCE((SELECT max(seq) FROM checkpoints k
              WHERE k.partition = v.partition AND k.voucher_id = v.voucher_id), 0)
            LIMIT $3) e) AS "eventsSinceCheckpoint"
       FROM vouchers v WHERE v.partition = $1 AND v.voucher_id = ANY ($2::uuid[])`,
      [partition, uuidArray(voucherIds, (id) => id), MOST_COUNTED],
    );
  }

  claims(partition: number, claimIds: readonly string[]): Promise<ClaimRow[]> {
    return this.rows('claims', `SELECT ${CLAIM} FROM claims WHERE partition = $1 AND claim_id = ANY ($2::uuid[])`, [
      partition,
      uuidArray(claimIds, (id) => id),
    ]);
  }

  redemptions(partition: number, redemptionIds: readonly string[]): Promise<RedemptionRow[]> {
    return this.rows(
      'redemptions',
      `SELECT ${REDEMPTION} FROM redemptions WHERE partition = $1 AND redemption_id = ANY ($2::uuid[])`,
      [partition, uuidArray(redemptionIds, (id) => id)],
    );
  }

  /** The existing rows of these pairs. OFFSET 0 makes Postgres look up each pair, also in a table without statistics. */
  users(partition: number, pairs: readonly { voucherId: string; userId: string }[]): Promise<UserRow[]> {
    return this.rows(
      'users',
      `SELECT u.voucher_id AS "voucherId", u.user_id AS "userId", u.pushed, u.claims
       FROM unnest($2::uuid[], $3::text[]) AS x(voucher_id, user_id)
       CROSS JOIN LATERAL (SELECT * FROM voucher_users u WHERE u.partition = $1 AND u.voucher_id = x.voucher_id
         AND u.user_id = x.user_id OFFSET 0) u`,
      [partition, uuidArray(pairs, (pair) => pair.voucherId), textArray(pairs, (pair) => pair.userId)],
    );
  }

  /** One page of a voucher's users, in order of their ids. */
  usersAfter(partition: number, voucherId: string, afterUserId: string, limit: number): Promise<UserRow[]> {
    return this.rows(
      'users-after',
      `SELECT voucher_id AS "voucherId", user_id AS "userId", pushed, claims FROM voucher_users
       WHERE partition = $1 AND voucher_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4`,
      [partition, voucherId, afterUserId, limit],
    );
  }

  /** The same page as a JSON array of user ids, with the last one; null if the page is empty. */
  async userIdsAfter(
    partition: number,
    voucherId: string,
    afterUserId: string,
    limit: number,
  ): Promise<{ userIds: string; last: string } | null> {
    const [row] = await this.rows<{ userIds: string; last: string | null }>(
      'user-ids-after',
      `SELECT json_agg(user_id) AS "userIds", max(user_id) AS last FROM (
         SELECT user_id FROM voucher_users
         WHERE partition = $1 AND voucher_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4) page`,
      [partition, voucherId, afterUserId, limit],
    );
    const { userIds, last } = row!;
    return last === null ? null : { userIds, last };
  }

  /** The claims that fall due first, in order of due time, then claim id. */
  firstDue(partition: number, voucherId: string, limit: number): Promise<ClaimRow[]> {
    return this.rows(
      'first-due',
      `SELECT ${CLAIM} FROM claims WHERE partition = $1 AND voucher_id = $2 AND due_at IS NOT NULL
       ORDER BY due_at, claim_id LIMIT $3`,
      [partition, voucherId, limit],
    );
  }

  /** Held and locked claims that are not reserved, in order of claim id. */
  live(partition: number, voucherId: string, limit: number): Promise<ClaimRow[]> {
    return this.rows(
      'live',
      `SELECT ${CLAIM} FROM claims WHERE partition = $1 AND voucher_id = $2 AND due_at IS NOT NULL
       AND more -> 'reservation' IS NULL ORDER BY claim_id LIMIT $3`,
      [partition, voucherId, limit],
    );
  }

  /** The entries of these users that wait or are offered a unit. */
  liveEntries(partition: number, pairs: readonly { voucherId: string; userId: string }[]): Promise<EntryRow[]> {
    return this.rows(
      'live-entries',
      `SELECT e.* FROM unnest($2::uuid[], $3::text[]) AS x(voucher_id, user_id)
       CROSS JOIN LATERAL (SELECT ${ENTRY} FROM entries e WHERE e.partition = $1 AND e.voucher_id = x.voucher_id
         AND e.user_id = x.user_id AND e.state IN ('waiting', 'offered') OFFSET 0) e`,
      [partition, uuidArray(pairs, (pair) => pair.voucherId), textArray(pairs, (pair) => pair.userId)],
    );
  }

  /** The vouchers on whose waiting lists this user is. @param seqs of all events of the user */
  async vouchersWaitedFor(partition: number, userId: string, seqs: readonly number[]): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(
      'vouchers-waited-for',
      `SELECT n.voucher_id AS id FROM (SELECT DISTINCT voucher_id FROM events
         WHERE partition = $1 AND seq = ANY ($3::bigint[]) AND type = 'voucher.waiting-list-joined.v1') e
       JOIN entries n ON n.partition = $1 AND n.voucher_id = e.voucher_id AND n.user_id = $2
         AND n.state IN ('waiting', 'offered')
       ORDER BY 1`,
      [partition, userId, seqs],
    );
    return rows.map(({ id }) => id);
  }

  entries(partition: number, entryIds: readonly string[]): Promise<EntryRow[]> {
    return this.rows('entries', `SELECT ${ENTRY} FROM entries WHERE partition = $1 AND entry_id = ANY ($2::uuid[])`, [
      partition,
      uuidArray(entryIds, (id) => id),
    ]);
  }

  /** Waiting entries in the order in which they would be offered a unit. @param after leaves out those up to this one */
  waiting(
    partition: number,
    voucherId: string,
    limit: number,
    after?: { rank: number; number: number },
  ): Promise<EntryRow[]> {
    return this.rows(
      'waiting',
      `SELECT ${ENTRY} FROM entries WHERE partition = $1 AND voucher_id = $2 AND state = 'waiting'
         AND (-rank, number) > (-$4::int, $5::bigint)
       ORDER BY rank DESC, number LIMIT $3`,
      [partition, voucherId, limit, after?.rank ?? 10_000, after?.number ?? 0],
    );
  }

  /** The offers that lapse first, in order of their end, then entry id. */
  firstOffers(partition: number, voucherId: string, limit: number): Promise<EntryRow[]> {
    return this.rows(
      'first-offers',
      `SELECT ${ENTRY} FROM entries WHERE partition = $1 AND voucher_id = $2 AND state = 'offered'
       ORDER BY offer_until, entry_id LIMIT $3`,
      [partition, voucherId, limit],
    );
  }

  /** Entries with an offer, in order of entry id. */
  offered(partition: number, voucherId: string, limit: number): Promise<EntryRow[]> {
    return this.rows(
      'offered',
      `SELECT ${ENTRY} FROM entries WHERE partition = $1 AND voucher_id = $2 AND state = 'offered'
       ORDER BY entry_id LIMIT $3`,
      [partition, voucherId, limit],
    );
  }

  /** The ids of those submissions that were decided. */
  async decided(partition: number, submissionIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.rows<{ id: string }>(
      'decided',
      'SELECT submission_id AS id FROM events WHERE partition = $1 AND submission_id = ANY ($2::uuid[])',
      [partition, uuidArray(submissionIds, (id) => id)],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** The first `limit` vouchers, in order of id, whose `wakeAt` is not after `at`. */
  async toWake(partition: number, at: number, limit: number): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(
      'to-wake',
      'SELECT voucher_id AS id FROM vouchers WHERE partition = $1 AND wake_at <= $2 ORDER BY voucher_id LIMIT $3',
      [partition, new Date(at).toISOString(), limit],
    );
    return rows.map((row) => row.id);
  }

  /** The earliest `wakeAt` of the partition; null if no voucher has one. */
  async nextWake(partition: number): Promise<number | null> {
    const rows = await this.rows<{ at: number | null }>(
      'next-wake',
      'SELECT min(wake_at) AS at FROM vouchers WHERE partition = $1 AND wake_at IS NOT NULL',
      [partition],
    );
    return rows[0]!.at;
  }

  /** The epoch of each partition's cursor. */
  async epochs(partitions: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.rows<{ partition: number; epoch: number }>(
      'epochs',
      'SELECT partition, epoch FROM cursor WHERE partition = ANY ($1)',
      [partitions],
    );
    return new Map(rows.map(({ partition, epoch }) => [partition, epoch]));
  }

  private async rows<T extends object>(name: string, text: string, values: unknown[]): Promise<T[]> {
    const result = await this.store.pools.readers.query<T>({ name, text, values });
    return result.rows;
  }
}
