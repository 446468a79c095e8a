// Makes rows of the read model from outcomes. A batch writes each row once, as it is after the batch's last outcome.
import type { Claim, EventEntry, EventType, Redemption } from '@vouchers/contracts';
import { GRANTED_TYPES, REFUSED_TYPES, USER_FORGOTTEN } from '@vouchers/contracts';
import { int4Array, int8Array, jsonArray, textArray, uuidArray } from '@vouchers/event-store';
import { partitionOfKey } from '@vouchers/messaging';
import {
  outcomeOf,
  outcomeOfRow,
  type AskStatement,
  type ForgottenUser,
  type Outcome,
  type Projection,
  type Rows,
  type RowsMaker,
  type Writing,
} from '@vouchers/outcomes';
import { countsToStore, decodeEvent, evolve, storedState, type VoucherState } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';

/** The most states in memory. Others are read again when an event needs them. */
const REMEMBERED_STATES = 5_000;

const KNOWN: ReadonlySet<string> = new Set<EventType>([
  'voucher.defined.v1',
  'voucher.enabled.v1',
  'voucher.terminated.v1',
  'voucher.claim-expired.v1',
  'voucher.claim-expiring.v1',
  'voucher.offered.v1',
  'voucher.offer-lapsed.v1',
  'voucher.offer-withdrawn.v1',
  ...Object.values(GRANTED_TYPES),
  ...Object.values(REFUSED_TYPES),
]);

const CLAIMS_OF_USER = { name: 'claims-of-user', text: 'SELECT claim FROM claims WHERE user_id = $1' };
const REDEMPTIONS_OF = {
  name: 'redemptions-of-claims',
  text: 'SELECT redemption FROM redemptions WHERE claim_id = ANY ($1::uuid[])',
};
const PUSHES_OF_USER = { name: 'pushes-of-user', text: 'SELECT voucher_id FROM pushes WHERE user_id = $1' };
const ENTRIES_OF_USER = { name: 'entries-of-user', text: 'SELECT entry FROM entries WHERE user_id = $1' };
const ORDERS_OF_USER = {
  name: 'orders-of-user',
  text: 'SELECT team, order_id FROM public.orders WHERE user_id = $1 AND made_at <= $2',
};
const STATES = {
  name: 'states-of-projector',
  text: `SELECT v.voucher_id, v.state, d.definition FROM vouchers v JOIN definitions_in_force d USING (voucher_id)
    WHERE v.voucher_id = ANY ($1::uuid[])`,
};

/** The rows of all outcomes but those that forget a user. */
const ROWS: Writing = {
  parameters: 24,
  rowsBehind: (fence) => `
  vouchers_written AS (
    INSERT INTO vouchers (voucher_id, seq, state)
    SELECT rows.* FROM ${fence}, unnest($1::uuid[], $2::bigint[], $3::json[]) AS rows
    ON CONFLICT (voucher_id) DO UPDATE SET seq = excluded.seq, state = excluded.state
  ), definitions_written AS (
    INSERT INTO definitions_in_force (voucher_id, definition)
    SELECT rows.* FROM ${fence}, unnest($4::uuid[], $5::json[]) AS rows
    ON CONFLICT (voucher_id) DO UPDATE SET definition = excluded.definition
  ), claims_written AS (
    INSERT INTO claims (claim_id, voucher_id, user_id, state, claim)
    SELECT rows.* FROM ${fence}, unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::json[]) AS rows
    ON CONFLICT (claim_id) DO UPDATE SET user_id = excluded.user_id, state = excluded.state, claim = excluded.claim
  ), redemptions_written AS (
    INSERT INTO redemptions (redemption_id, claim_id, user_id, order_id, redemption)
    SELECT rows.* FROM ${fence}, unnest($11::uuid[], $12::uuid[], $13::text[], $14::text[], $15::json[]) AS rows
    ON CONFLICT (redemption_id) DO UPDATE
      SET user_id = excluded.user_id, order_id = excluded.order_id, redemption = excluded.redemption
  ), pushes_written AS (
    INSERT INTO pushes (user_id, voucher_id)
    SELECT rows.* FROM ${fence}, unnest($16::text[], $17::uuid[]) AS rows
    ON CONFLICT DO NOTHING
  ), entries_written AS (
    INSERT INTO entries (entry_id, voucher_id, user_id, state, rank, number, entry)
    SELECT rows.* FROM ${fence}, unnest($18::uuid[], $19::uuid[], $20::text[], $21::text[], $22::int4[], $23::bigint[],
      $24::json[]) AS rows
    ON CONFLICT (entry_id) DO UPDATE
      SET user_id = excluded.user_id, state = excluded.state, entry = excluded.entry
  )`,
};

/** @param partitions the number of partitions of the outcomes */
export const readModelOf = (partitions: number): Projection<Outcome> => ({
  positions: 'positions',
  read: outcomeOf,
  readRow: outcomeOfRow,
  begin: (ask) => new ReadModelRows(ask, partitions),
  ...ROWS,
  forgetting: {
    parameters: ROWS.parameters + 10,
    // Without a user, $25 to $27 are null and equal nothing: there were no rows.
    rowsBehind: (fence) => `${ROWS.rowsBehind(fence)}, pushes_forgotten AS (
    DELETE FROM pushes USING ${fence}
    WHERE user_id = $25::text AND voucher_id = ANY ($29::uuid[])
  ), pending_forgotten AS (
    DELETE FROM public.pending_submissions USING ${fence}
    WHERE asker = ANY ($28::text[]) AND kept_at <= $27::timestamptz
  ), actors_forgotten AS (
    UPDATE public.operator_actions SET by = $26::text FROM ${fence}
    WHERE by = $25::text AND at <= $27::timestamptz
  ), askers_forgotten AS (
    UPDATE public.forgettings SET asked_by = $26::text FROM ${fence}
    WHERE asked_by = $25::text AND asked_at <= $27::timestamptz
  ), orders_forgotten AS (
    UPDATE public.orders o SET user_id = $26::text, order_id = rows.pseudonym
    FROM ${fence}, unnest($32::text[], $33::text[], $34::text[]) AS rows (team, order_id, pseudonym)
    WHERE o.team = rows.team AND o.order_id = rows.order_id AND o.user_id = $25::text
  ), order_askers_forgotten AS (
    UPDATE public.order_calls SET asker = $26::text, body_hash = $26::text FROM ${fence}
    WHERE asker = ANY ($28::text[]) AND made_at <= $27::timestamptz
  ), forgotten_written AS (
    INSERT INTO forgotten_partitions (forgetting_id, partition)
    SELECT $30::uuid, $31::int FROM ${fence}
    ON CONFLICT DO NOTHING
  )`,
  },
});

/** Makes rows, and caches the voucher states that were written last. */
class ReadModelRows implements RowsMaker<Outcome> {
  private readonly states = new LRUCache<string, VoucherState>({ max: REMEMBERED_STATES });

  constructor(
    private readonly ask: AskStatement | undefined,
    private readonly partitions: number,
  ) {}

  async rowsOf(outcomes: readonly Outcome[]): Promise<Rows> {
    const [first] = outcomes;
    // The follower gives such an event alone.
    if (first?.type === USER_FORGOTTEN) return { values: await this.forgotten(first), isForgetting: true };
    const batch = new BatchRows(await this.statesOf(outcomes));
    for (const outcome of outcomes) batch.add(outcome);
    const written = (): void => {
      for (const [id, state] of batch.vouchers) this.states.set(id, state);
    };
    return { values: batch.values(), written };
  }

  forget(voucherId: string): void {
    this.states.delete(voucherId);
  }

  private async forgotten({ forgotten: user, voucherId: forgettingId, partition }: Outcome): Promise<unknown[]> {
    const batch = new BatchRows(new Map());
    batch.forgotten = { forgettingId, partition };
    if (!user || !this.ask) return batch.forgettingValues();
    const isHere = (id: string): boolean => partitionOfKey(id, this.partitions) === partition;
    const claims = (await this.ask<{ claim: Claim }>(CLAIMS_OF_USER, [user.userId]))
      .map(({ claim }) => claim)
      .filter((claim) => isHere(claim.voucherId));
    const redemptions = await this.ask<{ redemption: Redemption }>(REDEMPTIONS_OF, [claims.map(({ id }) => id)]);
    const pushes = await this.ask<{ voucher_id: string }>(PUSHES_OF_USER, [user.userId]);
    const entries = await this.ask<{ entry: EventEntry }>(ENTRIES_OF_USER, [user.userId]);
    batch.orders = await this.ask(ORDERS_OF_USER, [user.userId, user.at]);
    batch.forgetEntries(
      user,
      entries.map(({ entry }) => entry).filter((entry) => isHere(entry.voucherId)),
    );
    batch.forget(
      user,
      claims,
      redemptions.map(({ redemption }) => redemption),
      pushes.map(({ voucher_id }) => voucher_id).filter(isHere),
    );
    return batch.forgettingValues();
  }

  private async statesOf(outcomes: readonly Outcome[]): Promise<Map<string, VoucherState>> {
    const ids = [...new Set(outcomes.map(({ voucherId }) => voucherId))];
    const before = new Map<string, VoucherState>();
    for (const id of ids) {
      const state = this.states.get(id);
      if (state) before.set(id, state);
    }
    const unknown = ids.filter((id) => !before.has(id));
    if (unknown.length === 0 || !this.ask) return before;
    const rows = await this.ask<{
      voucher_id: string;
      state: Omit<VoucherState, 'definition'>;
      definition: VoucherState['definition'];
    }>(STATES, [unknown]);
    for (const { voucher_id, state, definition } of rows) before.set(voucher_id, storedState({ ...state, definition }));
    return before;
  }
}

/** The rows that a batch of outcomes writes. */
class BatchRows {
  readonly vouchers = new Map<string, VoucherState>();
  /** The vouchers whose version in force has changed. */
  private readonly redefined = new Map<string, VoucherState['definition']>();
  private readonly claims = new Map<string, Claim>();
  private readonly redemptions = new Map<string, Redemption>();
  private readonly entries = new Map<string, EventEntry>();
  private readonly pushes: { userId: string; voucherId: string }[] = [];
  /** The forgotten user's orders. */
  orders: readonly { team: string; order_id: string }[] = [];
  private user: ForgottenUser | undefined;
  /** The partition in which a user is forgotten. */
  forgotten: { forgettingId: string; partition: number } | undefined;

  /** @param before the voucher states before the batch, by id */
  constructor(private readonly before: ReadonlyMap<string, VoucherState>) {}

  /** Adds the next outcome, in the order of seq. An event that this release does not know changes nothing. */
  add({ type, voucherId, submissionId, seq, data }: Outcome): void {
    if (!KNOWN.has(type)) return;
    const voucher = this.vouchers.get(voucherId) ?? this.before.get(voucherId);
    const next = evolve(voucher, decodeEvent(type, voucherId, submissionId, data));
    next.head.seq = seq;
    this.vouchers.set(voucherId, next);
    if (next.definition !== voucher?.definition) this.redefined.set(voucherId, next.definition);
    if (data.claim) this.claims.set(data.claim.id, data.claim);
    if (data.redemption) this.redemptions.set(data.redemption.id, data.redemption);
    if (data.entry) this.entries.set(data.entry.id, data.entry);
    if (type === 'voucher.pushed.v1') this.pushes.push({ userId: data.userId!, voucherId });
  }

  /** Replaces the user in the rows of a partition. */
  forget(user: ForgottenUser, claims: readonly Claim[], redemptions: readonly Redemption[], pushed: readonly string[]) {
    const { pseudonym: userId, orderOf } = user;
    this.user = user;
    for (const { lock, ...claim } of claims)
      this.claims.set(claim.id, {
        ...claim,
        userId,
        ...(lock && { lock: { ...lock, orderId: orderOf(lock.orderId) } }),
      });
    for (const { order, ...redemption } of redemptions)
      this.redemptions.set(redemption.id, { ...redemption, userId, order: { ...order, id: orderOf(order.id) } });
    for (const voucherId of pushed) this.pushes.push({ userId, voucherId });
  }

  /** Replaces the user in the entries of a partition. */
  forgetEntries({ pseudonym: userId }: ForgottenUser, entries: readonly EventEntry[]): void {
    for (const entry of entries) this.entries.set(entry.id, { ...entry, userId });
  }

  /** The values for the parameters of `rowsBehind`. */
  values(): unknown[] {
    const vouchers = [...this.vouchers.values()];
    const claims = [...this.claims.values()];
    const redemptions = [...this.redemptions.values()];
    const entries = [...this.entries.values()];
    return [
      uuidArray(vouchers, ({ voucherId }) => voucherId),
      int8Array(vouchers, ({ head }) => head.seq),
      jsonArray(vouchers, ({ definition: _, ...state }) =>
        JSON.stringify({ ...state, counters: countsToStore(state.counters) }),
      ),
      uuidArray([...this.redefined.keys()], (voucherId) => voucherId),
      jsonArray([...this.redefined.values()], (definition) => JSON.stringify(definition)),
      uuidArray(claims, ({ id }) => id),
      uuidArray(claims, ({ voucherId }) => voucherId),
      textArray(claims, ({ userId }) => userId),
      textArray(claims, ({ state }) => state),
      jsonArray(claims, (claim) => JSON.stringify(claim)),
      uuidArray(redemptions, ({ id }) => id),
      uuidArray(redemptions, ({ claimId }) => claimId),
      textArray(redemptions, ({ userId }) => userId),
      textArray(redemptions, ({ order }) => order.id),
      jsonArray(redemptions, (redemption) => JSON.stringify(redemption)),
      textArray(this.pushes, ({ userId }) => userId),
      uuidArray(this.pushes, ({ voucherId }) => voucherId),
      uuidArray(entries, ({ id }) => id),
      uuidArray(entries, ({ voucherId }) => voucherId),
      textArray(entries, ({ userId }) => userId),
      textArray(entries, ({ state }) => state),
      int4Array(entries, ({ rank }) => rank),
      int8Array(entries, ({ number }) => number),
      jsonArray(entries, (entry) => JSON.stringify(entry)),
    ];
  }

  /** The values for those of `forgetting`. */
  forgettingValues(): unknown[] {
    return [
      ...this.values(),
      this.user?.userId ?? null,
      this.user?.pseudonym ?? null,
      this.user?.at ?? null,
      this.user?.askers ?? [],
      uuidArray(this.user ? this.pushes : [], ({ voucherId }) => voucherId),
      this.forgotten?.forgettingId ?? null,
      this.forgotten?.partition ?? null,
      textArray(this.orders, ({ team }) => team),
      textArray(this.orders, ({ order_id }) => order_id),
      textArray(this.orders, ({ order_id }) => this.user!.orderOf(order_id)),
    ];
  }
}
