// What the ledger reads and writes to forget a user. The function `forget_user` changes the rows; see its migration.
import type pg from 'pg';
import type { LedgerStore } from './ledger.store.ts';

/** A user who is to be forgotten in a partition. */
export interface Forgetting {
  partition: number;
  forgettingId: string;
  userId: string;
  /** Random. The pseudonym is a hash with it. */
  salt: string;
  askedAt: number;
  /** `{sub, team}` as JSON. */
  askedBy: string;
}

/** An event that names a user. */
export interface Mention {
  seq: number;
  /** Whether it is the user's own event. If not, the user asked for it as staff or as a service. */
  own: boolean;
  claimId: string | null;
  /** The hash of who asked in the user's place. */
  asker: string | null;
}

/** The events of one statement. It takes a fraction of the time after which a statement is ended. */
const EVENTS_AT_ONCE = 20_000;
/** Only these types name staff or a service. */
const WITH_ACTOR = `type IN ('voucher.redeemed.v1', 'voucher.redemption-refused.v1',
  'voucher.redemption-rolled-back.v1', 'voucher.rollback-refused.v1', 'voucher.claim-revoked.v1',
  'voucher.revoke-refused.v1', 'voucher.user-forgotten.v1')`;

/** Stores that the user is to be forgotten. Repeated, it changes nothing. */
export const noteStatement = (forgetting: Forgetting): pg.QueryConfig => ({
  text: `INSERT INTO forgettings (partition, forgetting_id, user_id, salt, asked_at, asked_by)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
  values: [
    forgetting.partition,
    forgetting.forgettingId,
    forgetting.userId,
    forgetting.salt,
    new Date(forgetting.askedAt).toISOString(),
    forgetting.askedBy,
  ],
});

/** Changes the rows that name the user. @param kept by voucher, the facts that a live claim keeps */
export function forgetStatement(
  { partition, userId, salt }: Forgetting,
  pseudonym: string,
  seqs: readonly number[],
  kept: Record<string, readonly string[]>,
): pg.QueryConfig {
  return {
    text: 'SELECT forget_user($1, $2, $3, $4, $5::bigint[], $6)',
    values: [partition, userId, pseudonym, salt, seqs, JSON.stringify(kept)],
  };
}

/** Stores by which event the user was forgotten, so that the relay can publish whom. @param askers JSON */
export const forgottenStatement = (
  { partition, forgettingId }: Forgetting,
  seq: number,
  askers: readonly string[],
): pg.QueryConfig => ({
  text: 'UPDATE forgettings SET seq = $3, askers = $4 WHERE partition = $1 AND forgetting_id = $2',
  values: [partition, forgettingId, seq, JSON.stringify(askers)],
});

export class ForgettingStore {
  private readonly store: LedgerStore;

  constructor(store: LedgerStore) {
    this.store = store;
  }

  /** The partition's forgettings that are asked for and not carried out, in the order of their ids. */
  async open(partition: number): Promise<Forgetting[]> {
    const { rows } = await this.store.pools.writers.query<Forgetting>(
      `SELECT partition, forgetting_id AS "forgettingId", user_id AS "userId", salt, asked_at AS "askedAt",
         asked_by AS "askedBy"
       FROM forgettings WHERE partition = $1 AND seq IS NULL ORDER BY forgetting_id`,
      [partition],
    );
    return rows;
  }

  /**
   * Deletes forgettings that were published, and facts that no claim needs any more. After it, no row of these
   * partitions names a user whose forgetting was published.
   */
  async clean(partitions: readonly number[]): Promise<void> {
    const { writers } = this.store.pools;
    await writers.query(
      `DELETE FROM forgettings f USING relay r
       WHERE f.partition = ANY ($1) AND r.partition = f.partition AND f.seq < r.next_seq`,
      [partitions],
    );
    await writers.query('SELECT drop_kept_facts($1) WHERE EXISTS (SELECT FROM kept_facts WHERE partition = ANY ($1))', [
      partitions,
    ]);
  }

  /**
   * The events of a partition that name the user, with `after` < seq < `before`, in slices and in order. Nobody waits
   * for these statements.
   */
  async *mentions(
    pool: Pick<pg.Pool, 'query'>,
    { partition, userId }: Pick<Forgetting, 'partition' | 'userId'>,
    after: number,
    before: number,
  ): AsyncGenerator<Mention[], void> {
    for (let from = after; from < before - 1; from += EVENTS_AT_ONCE) {
      const until = Math.min(from + EVENTS_AT_ONCE, before - 1);
      const { rows } = await pool.query<Mention>({
        name: 'mentions',
        text: `SELECT seq, user_id IS NOT DISTINCT FROM $4 AS own, claim_id AS "claimId", data ->> 'asker' AS asker
          FROM events WHERE partition = $1 AND seq > $2 AND seq <= $3 AND (user_id = $4
            OR ${WITH_ACTOR} AND data #>> '{by,sub}' = $4)
          ORDER BY seq`,
        values: [partition, from, until, userId],
      });
      yield rows;
    }
  }
}
