// Statements by which the ledger forgets a user. The function `forget_user` changes the rows; see its migration.
import type { EventData } from '@vouchers/contracts';
import type pg from 'pg';
import { chainSecret, hashed } from './chain/chain.ts';
import { commitmentOf } from './chain/event.hash.ts';
import { remainderOf, type ForgottenEvent } from './chain/forgotten.events.ts';
import { EVENT } from './event.queries.ts';
import type { LedgerStore } from './ledger.store.ts';
import { pseudonymOf, saltOfEvent } from './pseudonym.ts';
import type { StoredEvent } from './rows.ts';
import type { Queries } from './session.ts';

/** A user who is to be forgotten in a partition. */
export interface Forgetting {
  partition: number;
  forgettingId: string;
  userId: string;
  /** Random. Everything that stands in the place of something personal is a hash with it. */
  salt: string;
  askedAt: number;
  /** The actor, as JSON. */
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
  /** Null if the event has no submission: then its hash leaves out what is personal. */
  forgotten: ForgottenEvent | null;
}

/** The events of one statement. It takes a fraction of the time after which a statement is ended. */
const EVENTS_AT_ONCE = 20_000;
/** Only these types name staff or a service. */
const WITH_ACTOR = `type IN ('voucher.redeemed.v1', 'voucher.redemption-refused.v1',
  'voucher.redemption-rolled-back.v1', 'voucher.rollback-refused.v1', 'voucher.claim-revoked.v1',
  'voucher.revoke-refused.v1', 'voucher.user-forgotten.v1')`;
/** The events that name the user, as they are and as `forget_user` will leave them. */
const MENTIONS = `SELECT ${EVENT}, user_id IS NOT DISTINCT FROM $4 AS own,
    forgotten_data(data, user_id IS NOT DISTINCT FROM $4, $4, $5, $6) AS "dataLeft",
    CASE WHEN user_id = $4 THEN forgotten_submission(submission, $6) ELSE submission END AS "submissionLeft"
  FROM events WHERE partition = $1 AND seq > $2 AND seq <= $3 AND (user_id = $4
    OR ${WITH_ACTOR} AND data #>> '{by,sub}' = $4)
  ORDER BY seq`;
type MentionRow = Omit<StoredEvent, 'data'> & {
  data: string;
  own: boolean;
  dataLeft: string;
  submissionLeft: string | null;
};

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

/**
 * Changes the rows that name the user.
 * @param seq of the event that says so
 * @param kept by voucher, the facts that a live claim keeps
 */
export function forgetStatement(
  forgetting: Forgetting,
  seq: number,
  mentions: readonly Mention[],
  kept: Record<string, readonly string[]>,
): pg.QueryConfig {
  const { partition, userId, salt } = forgetting;
  const mentioned = JSON.stringify(mentions.map((mention) => mention.forgotten ?? { seq: mention.seq }));
  return {
    text: 'SELECT forget_user($1, $2, $3, $4, $5, $6, $7)',
    values: [partition, userId, pseudonymOf(forgetting), salt, seq, mentioned, JSON.stringify(kept)],
  };
}

/** Stores by which event the user was forgotten, so that the relay can publish whom. */
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
    pool: Queries,
    forgetting: Forgetting,
    after: number,
    before: number,
  ): AsyncGenerator<Mention[], void> {
    const { partition, userId, salt } = forgetting;
    const secret = await chainSecret(pool);
    for (let from = after; from < before - 1; from += EVENTS_AT_ONCE) {
      const until = Math.min(from + EVENTS_AT_ONCE, before - 1);
      const { rows } = await pool.query<MentionRow>({
        name: 'mentions',
        text: MENTIONS,
        values: [partition, from, until, userId, pseudonymOf(forgetting), salt],
      });
      yield rows.map((row) => mentionOf(row, forgetting, secret));
    }
  }
}

function mentionOf(
  { dataLeft, submissionLeft, own, ...row }: MentionRow,
  forgetting: Forgetting,
  secret: Buffer,
): Mention {
  const event = hashed({ ...row, data: Buffer.from(row.data) }, secret);
  const { seq, claimId } = row;
  const mention = { seq, own, claimId, asker: event.said.asker ?? null };
  if (row.submissionId === null) return { ...mention, forgotten: null };
  const salt = saltOfEvent(forgetting, seq);
  const left = { ...event, said: JSON.parse(dataLeft) as EventData, submission: submissionLeft, salt };
  return { ...mention, forgotten: { seq, commitment: commitmentOf(event), salt, remainder: remainderOf(left) } };
}
