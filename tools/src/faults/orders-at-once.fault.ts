// Tills use and roll back orders over claims that they share, while page-delivery and the ledger are killed.
import { setTimeout as pause } from 'node:timers/promises';
import type { Benefit, Combination, Redemption, VoucherSpecInput } from '@vouchers/contracts';
import { isSettled, type Answer, type AuditedRequest } from './account.ts';
import { rowsOf } from './evidence.ts';
import type { Fault } from './fault.ts';
import { judgeOrders, type OrderCallSeen, type OrderEvidence } from './orders.judge.ts';
import { comesTrue, lastFaults } from './patience.ts';
import { Seeded } from './seed.ts';
import type { Stage } from './stage.ts';

const CALLS = Number(process.env['FAULTS_ORDER_CALLS'] || 5_000);
const TILLS = 16;
/** So few that several tills often want a user's claims at the same time. */
const USERS = 40;
const KILLS = { 'page-delivery': 5, ledger: 2 } as const;
const AGAIN_MS = 100;
/** The time in which a call must be settled. A call that a crash left is finished within 30 s. */
const SETTLES_WITHIN_MS = 60_000;

const off = (amount: number): Benefit => ({ type: 'amount-off', amount, currency: 'EUR' });
const group = (name: string, ...others: string[]): Partial<Combination> => ({ group: name, with: others });
const SPECS: readonly VoucherSpecInput[] = [
  { benefit: { type: 'percent-off' as const, percent: 10 }, combine: group('a', 'b', 'c') },
  { benefit: off(300), combine: group('b', 'a', 'b') },
  { benefit: off(200), combine: { ...group('b', 'a', 'b'), perOrder: 2 }, nodes: { claim: { perUser: 2 } } },
  { benefit: off(500), combine: group('c', 'a') },
  { benefit: off(700), quantities: { budget: { amount: 21_000, currency: 'EUR' } } },
  { benefit: off(100), nodes: { use: { when: 'order.amount >= 6000' } }, quantities: { claim: 100, redeem: 20 } },
].map((changes, index) => ({
  name: `orders ${index}`,
  resourceType: 'coupon',
  windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
  ...changes,
}));

interface Claims {
  userId: string;
  claimIds: string[];
}

export const ORDERS_AT_ONCE: Fault = {
  name: 'orders-at-once',
  title: `${CALLS.toLocaleString('en')} order calls over shared claims by ${TILLS} tills, page-delivery is killed five times and the ledger twice`,
  inject: async (stage) => {
    const claims = await claimed(stage, await stage.publish(...SPECS));
    const tills = new Tills(stage, claims);
    const [calls] = await Promise.all([tills.work(), kill(stage, tills)]);
    const faults = calls
      .filter(({ settled }) => settled === undefined)
      .map(({ path, key }) => `I8: ${path} (${key}) was not settled within ${SETTLES_WITHIN_MS} ms`);
    const repeated = await tills.repeat();
    const later = await lastFaults(SETTLES_WITHIN_MS, async () => judgeOrders(calls, repeated, await evidence(stage)));
    return [...faults, ...later].slice(0, 20);
  },
};

/** Has each user claim each voucher, twice where that is allowed. */
async function claimed(stage: Stage, vouchers: readonly { id: string }[]): Promise<Claims[]> {
  const ids = vouchers.flatMap(({ id }, index) => (SPECS[index]!.nodes?.claim?.perUser === 2 ? [id, id] : [id]));
  const users = Array.from({ length: USERS }, (_, index) => `orders-${stage.options.seed}-${index}`);
  return Promise.all(
    users.map(async (userId) => {
      const claimIds: string[] = [];
      for (const [place, id] of ids.entries()) {
        const request = { path: `/v1/vouchers/${id}/claims`, key: `claim-${userId}-${place}`, userId };
        const { status, body } = await stage.settle({ service: 'page-delivery', method: 'POST', ...request });
        if (status !== 201) throw new Error(`a claim was answered ${status}`);
        claimIds.push(body!.id!);
      }
      return { userId, claimIds };
    }),
  );
}

/** Kills the services one after the other, spread over the calls. */
async function kill({ services }: Stage, tills: Tills): Promise<void> {
  const [most, fewer] = [KILLS['page-delivery'], KILLS.ledger];
  for (let time = 1; time <= most; time += 1) {
    await comesTrue(10 * SETTLES_WITHIN_MS, () => Promise.resolve(tills.settled >= (CALLS * time) / (most + 1)));
    await services.kill('page-delivery');
    if (time % Math.floor(most / fewer) === 0) {
      await services.kill('ledger');
      await services.restart('ledger');
    }
    await services.restart('page-delivery');
  }
}

class Tills {
  settled = 0;
  readonly #calls: OrderCallSeen[] = [];
  readonly #stage: Stage;
  readonly #claims: readonly Claims[];
  #begun = 0;

  constructor(stage: Stage, claims: readonly Claims[]) {
    this.#stage = stage;
    this.#claims = claims;
  }

  async work(): Promise<OrderCallSeen[]> {
    await Promise.all(Array.from({ length: TILLS }, (_, till) => this.#work(till)));
    return this.#calls;
  }

  /** Repeats each settled call with its key. @returns the answers by key */
  async repeat(): Promise<Map<string, Answer>> {
    const answers = new Map<string, Answer>();
    const left = this.#calls.filter(({ settled }) => settled !== undefined);
    const next = async (): Promise<void> => {
      for (let call = left.pop(); call; call = left.pop()) answers.set(call.key, await this.#settle(call));
    };
    await Promise.all(Array.from({ length: TILLS }, next));
    return answers;
  }

  /** Only this till uses its orders, so it knows what each of them must have. */
  async #work(till: number): Promise<void> {
    const random = new Seeded(this.#stage.options.seed * 1_000 + till);
    let orders: { orderId: string; amount: number; claims: Claims }[] = [];
    while (this.#begun < CALLS) {
      const number = (this.#begun += 1);
      const known = orders.length > 0 && random.next() < 0.5 ? random.oneOf(orders) : undefined;
      const key = `orders-${this.#stage.options.seed}-${number}`;
      if (known && random.next() < 0.7) {
        orders = orders.filter((order) => order !== known);
        await this.#call(key, known, 'rollback', { reason: 'returned' }, []);
        continue;
      }
      const order = known ?? {
        orderId: `o-${key}`,
        amount: random.oneOf([4_000, 8_000]),
        claims: random.oneOf(this.#claims),
      };
      const claimIds = some(order.claims.claimIds, random);
      const { orderId: id, amount } = order;
      const body = { order: { id, amount, currency: 'EUR' }, claimIds };
      const { settled } = await this.#call(key, order, 'redemptions', body, claimIds);
      if (settled?.status === 201 && !known) orders.push(order);
    }
  }

  async #call(
    key: string,
    { orderId, claims }: { orderId: string; claims: Claims },
    kind: OrderCallSeen['kind'],
    body: object,
    claimIds: string[],
  ): Promise<OrderCallSeen> {
    const path = `/v1/orders/${orderId}/${kind}`;
    const call: OrderCallSeen = { orderId, kind, claimIds, path, key, userId: claims.userId, body };
    this.#calls.push(call);
    const answer = await this.#settle(call);
    if (isSettled(answer)) call.settled = answer;
    this.settled += 1;
    return call;
  }

  /** Repeats the call with its key until it is settled or too late. */
  async #settle({ path, key, userId, body }: OrderCallSeen): Promise<Answer> {
    const request: AuditedRequest = {
      ...{ service: 'page-delivery', method: 'POST', path, key, userId, body },
      answers: [],
    };
    for (const until = performance.now() + SETTLES_WITHIN_MS; ;) {
      const answer = await this.#stage.account.send(request);
      if (isSettled(answer) || performance.now() > until) return answer;
      await pause(AGAIN_MS);
    }
  }
}

/** One to three of these, in any order. */
function some(claimIds: readonly string[], random: Seeded): string[] {
  const left = [...claimIds];
  return Array.from({ length: random.from(1, 3) }, () => left.splice(random.from(0, left.length - 1), 1)[0]!);
}

const UNDER_WAY = 'SELECT count(*)::int AS count FROM order_calls WHERE NOT is_over';
const LOCKED = `SELECT count(*)::int AS count FROM claims WHERE state = 'locked' AND lock_order_id LIKE 'o-orders-%'`;
const RESERVED = `SELECT voucher_id AS "voucherId", counters->'reserved' AS reserved FROM vouchers
  WHERE (counters->'reserved'->>'uses')::int <> 0`;
const REDEMPTIONS = `SELECT data->'redemption' AS redemption FROM events
  WHERE type IN ('voucher.redeemed.v1', 'voucher.redemption-rolled-back.v1')
    AND data->'redemption'->'order'->>'id' LIKE 'o-orders-%' ORDER BY partition, seq`;

async function evidence(stage: Stage): Promise<OrderEvidence> {
  const ledger = stage.databaseUrl('ledger');
  const [underWay] = await rowsOf<{ count: number }>(stage.databaseUrl('page-delivery'), UNDER_WAY);
  const [locked] = await rowsOf<{ count: number }>(ledger, LOCKED);
  const reserved = await rowsOf<{ voucherId: string; reserved: unknown }>(ledger, RESERVED);
  const redemptions = await rowsOf<{ redemption: Redemption }>(ledger, REDEMPTIONS);
  return {
    underWay: underWay!.count,
    locked: locked!.count,
    reserved: reserved.map(({ voucherId, reserved: what }) => `${voucherId}: ${JSON.stringify(what)}`),
    redemptions: redemptions.map(({ redemption }) => redemption),
  };
}
