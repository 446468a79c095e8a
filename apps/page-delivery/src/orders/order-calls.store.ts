// Stores orders and their calls. The row of an order is a lease, fenced by a counter: who has lost it writes nothing more.
import { Injectable } from '@nestjs/common';
import { ReadModel } from '../read-model/read-model.ts';
import { isOver, type OrderContent, type Outcome, type Plan, type Progress, type Step } from './order.call.ts';

/** An order's key. */
export interface OrderKey {
  team: string;
  orderId: string;
}

/** The right to move an order on, until another takes it. */
export interface Lease extends OrderKey {
  fence: string;
  /** The time of Postgres now, in Unix ms: one clock for all replicas. */
  now(): number;
}

/** The parts of an order that are kept beside its calls. */
export interface KeptOrder {
  userId?: string;
  /** As in the first call that succeeded. */
  content?: OrderContent;
}

interface CallHead extends OrderKey {
  callId: string;
  kind: Plan['kind'];
  asker: string;
  bodyHash: string;
}
/** A call: what it submits, or its outcome. */
export type KeptCall = CallHead & ({ plan: Plan; progress: Step } | { plan?: undefined; progress: Outcome });

/** Somebody else has the lease by now. */
export class LeaseLost extends Error {}

interface CallRow extends Record<string, unknown> {
  call_id: string;
  team: string;
  order_id: string;
  kind: Plan['kind'];
  asker: string;
  body_hash: string;
  plan: Plan | null;
  progress: Progress;
}

const LEASE = `now() + interval '15 seconds'`;
const OF_ORDER = 'team = $1 AND order_id = $2';
const FENCED = `fenced AS (
    UPDATE orders SET leased_until = CASE WHEN $4 THEN now() ELSE ${LEASE} END,
      user_id = CASE WHEN body IS NULL THEN COALESCE($5, user_id) ELSE user_id END, body = COALESCE(body, $6)
    WHERE ${OF_ORDER} AND fence = $3 RETURNING 1
  )`;
const COLUMNS = 'call_id, team, order_id, kind, asker, body_hash, plan, progress';

// A fence begins at the time, so that it grows even if the row of an order without calls was deleted in between.
const TAKE = {
  name: 'take-order',
  text: `INSERT INTO orders AS o (team, order_id, fence, leased_until)
    VALUES ($1, $2, (extract(epoch FROM now()) * 1000000)::bigint, ${LEASE})
    ON CONFLICT (team, order_id) DO UPDATE
      SET fence = greatest(o.fence + 1, excluded.fence), leased_until = excluded.leased_until
      WHERE o.leased_until <= now()
    RETURNING fence, user_id, body, (extract(epoch FROM now()) * 1000)::float8 AS now`,
};
const RENEW = {
  name: 'renew-order',
  text: `UPDATE orders SET leased_until = ${LEASE} WHERE ${OF_ORDER} AND fence = $3 RETURNING 1`,
};
const GIVE_BACK = {
  name: 'give-order-back',
  text: `WITH unused AS (
      DELETE FROM orders o WHERE ${OF_ORDER} AND fence = $3
        AND NOT EXISTS (SELECT FROM order_calls c WHERE c.team = o.team AND c.order_id = o.order_id) RETURNING 1
    )
    UPDATE orders SET leased_until = now() WHERE ${OF_ORDER} AND fence = $3 AND NOT EXISTS (SELECT FROM unused)`,
};
const KEEP = {
  name: 'keep-order-call',
  text: `WITH ${FENCED}
    INSERT INTO order_calls (call_id, team, order_id, kind, asker, body_hash, plan, progress, is_over)
    SELECT $7, $1, $2, $8, $9, $10, $11, $12, $4 FROM fenced RETURNING 1`,
};
const MOVE = {
  name: 'move-order-call',
  text: `WITH ${FENCED}
    UPDATE order_calls SET progress = $8, is_over = $4, plan = CASE WHEN $4 THEN NULL ELSE plan END
    FROM fenced WHERE call_id = $7 AND NOT is_over RETURNING 1`,
};
const FIND_CALL = { name: 'order-call', text: `SELECT ${COLUMNS} FROM order_calls WHERE call_id = $1` };
const FIND_ORDER = { name: 'order', text: `SELECT user_id, body FROM orders WHERE ${OF_ORDER}` };
const CALLS = {
  name: 'calls-of-order',
  text: `SELECT ${COLUMNS} FROM order_calls WHERE ${OF_ORDER} ORDER BY number LIMIT $3`,
};
const LEFT = {
  name: 'left-order-calls',
  text: `SELECT ${COLUMNS.replaceAll(/(team|order_id)/g, 'c.$1')} FROM order_calls c JOIN orders o USING (team, order_id)
    WHERE NOT c.is_over AND o.leased_until <= now() ORDER BY o.leased_until, c.number LIMIT $1`,
};

const OLDEST = {
  name: 'oldest-order-call',
  text: 'SELECT extract(epoch FROM now() - min(made_at))::float8 AS seconds FROM order_calls WHERE NOT is_over',
};

/** The most calls of one order that are looked at. */
const MOST_CALLS = 1_000;

@Injectable()
export class OrderCallsStore {
  constructor(private readonly readModel: ReadModel) {}

  /** Takes the lease of an order, which then has a row. Undefined while another has it. */
  async take({ team, orderId }: OrderKey): Promise<{ lease: Lease; order: KeptOrder } | undefined> {
    const begun = performance.now();
    const [row] = await this.readModel.rows<OrderRow & { fence: string; now: number }>(TAKE, [team, orderId]);
    if (!row) return undefined;
    // The answer's way counts as time that has passed, so a lock is never thought to stand longer than it does.
    const now = (): number => row.now + performance.now() - begun;
    return { lease: { team, orderId, fence: row.fence, now }, order: orderOf(row) };
  }

  /** @throws LeaseLost */
  async renew({ team, orderId, fence }: Lease): Promise<void> {
    const rows = await this.readModel.rows(RENEW, [team, orderId, fence]);
    if (rows.length === 0) throw new LeaseLost();
  }

  /** Ends the lease. An order without calls is deleted. */
  async giveBack({ team, orderId, fence }: Lease): Promise<void> {
    await this.readModel.rows(GIVE_BACK, [team, orderId, fence]);
  }

  /** Stores a new call. One that is over ends the lease. @throws LeaseLost */
  async keep(
    lease: Lease,
    { callId, kind, asker, bodyHash, plan, progress }: KeptCall,
    userId?: string,
  ): Promise<void> {
    const values = [callId, kind, asker, bodyHash, plan ? JSON.stringify(plan) : null, JSON.stringify(progress)];
    const rows = await this.readModel.rows(KEEP, [...fencedBy(lease, progress, { userId }), ...values]);
    if (rows.length === 0) throw new LeaseLost();
  }

  /** Stores the next step of a call. An outcome ends the lease, and deletes what the call submits. @throws LeaseLost */
  async move(lease: Lease, { callId, plan }: { callId: string; plan: Plan }, progress: Progress): Promise<void> {
    // The user stands in the row since the call began, and may have been forgotten since then.
    const content = progress.step === 'redeemed' && plan.kind === 'redemption' ? plan.content : undefined;
    const values = [...fencedBy(lease, progress, { content }), callId, JSON.stringify(progress)];
    if ((await this.readModel.rows(MOVE, values)).length === 0) throw new LeaseLost();
  }

  async find(callId: string): Promise<KeptCall | undefined> {
    const [row] = await this.readModel.rows<CallRow>(FIND_CALL, [callId]);
    return row && callOf(row);
  }

  async order({ team, orderId }: OrderKey): Promise<KeptOrder | undefined> {
    const [row] = await this.readModel.rows<OrderRow>(FIND_ORDER, [team, orderId]);
    return row && orderOf(row);
  }

  /** The calls of an order in the order in which they began. At most one of them, the last, is under way. */
  async callsOf({ team, orderId }: OrderKey): Promise<KeptCall[]> {
    return (await this.readModel.rows<CallRow>(CALLS, [team, orderId, MOST_CALLS])).map(callOf);
  }

  /** The age of the oldest call that is under way, in seconds. 0 if there is none. */
  async oldestSeconds(): Promise<number> {
    const [row] = await this.readModel.rows<{ seconds: number | null }>(OLDEST);
    return row!.seconds ?? 0;
  }

  /** Calls under way that nobody moves on. Those whose lease ended first come first. */
  async left(limit: number): Promise<KeptCall[]> {
    return (await this.readModel.rows<CallRow>(LEFT, [limit])).map(callOf);
  }
}

interface OrderRow extends Record<string, unknown> {
  user_id: string | null;
  body: OrderContent | null;
}
const orderOf = ({ user_id, body }: OrderRow): KeptOrder => ({
  ...(user_id !== null && { userId: user_id }),
  ...(body && { content: body }),
});

const callOf = ({ call_id, team, order_id, kind, asker, body_hash, plan, progress }: CallRow): KeptCall =>
  ({
    callId: call_id,
    team,
    orderId: order_id,
    kind,
    asker,
    bodyHash: body_hash,
    progress,
    ...(plan && { plan }),
  }) as KeptCall;

const fencedBy = ({ team, orderId, fence }: Lease, progress: Progress, { userId, content }: KeptOrder): unknown[] => [
  team,
  orderId,
  fence,
  isOver(progress),
  userId ?? null,
  content ? JSON.stringify(content) : null,
];
