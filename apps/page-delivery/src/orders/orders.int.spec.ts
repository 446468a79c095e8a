import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Benefit, Claim, Combination, Order, Problem, Redemption, VoucherSpecInput } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { newId, Running, type Answer, type Call } from '../../testing/running.ts';
import type { OrderStatus, OrderUse, PendingOrder } from './order.schema.ts';

const running = new Running();
beforeAll(() => running.start(2), 90_000);
afterAll(() => running.stop());

const off = (amount: number): Benefit => ({ type: 'amount-off', amount, currency: 'EUR' });
const TEN: Benefit = { type: 'percent-off', percent: 10 };
const CUP: Benefit = { type: 'gift', sku: 'G', name: 'A cup' };
const ITEMS = [
  { sku: 'A', quantity: 1, amount: 6_000 },
  { sku: 'B', quantity: 1, amount: 3_000 },
];
const orderOf = (more: Partial<Order> = {}): Order => ({
  id: newId(),
  amount: 10_000,
  currency: 'EUR',
  items: ITEMS,
  ...more,
});

/** A user with claims. */
class User {
  private constructor(
    readonly id: string,
    readonly token: string,
  ) {}

  static async make(): Promise<User> {
    const sub = newId();
    return new User(sub, await running.issuer.signToken({ sub, scope: 'claims:write' }));
  }

  async claim(spec: Omit<Partial<VoucherSpecInput>, 'combine'> & { combine?: Partial<Combination> }): Promise<Claim> {
    const { status, body } = await running.claim(await running.define(spec), { token: this.token });
    expect(status).toBe(201);
    return body;
  }

  /** The claim as it is after an answer. */
  async after({ headers }: Answer<unknown>, { id }: Claim): Promise<Claim> {
    const position = { 'voucher-position': headers.get('voucher-position')! };
    return (await running.call<Claim>('GET', `/v1/claims/${id}`, { token: this.token, headers: position })).body;
  }
}

type Used = OrderUse & PendingOrder & Problem;
const use = (order: Order, claims: readonly Claim[], call: Call = {}): Promise<Answer<Used>> =>
  running.call('POST', `/v1/orders/${order.id}/redemptions`, {
    token: running.tokens.till,
    key: newId(),
    body: { order, claimIds: claims.map(({ id }) => id) },
    ...call,
  });
const rollBack = (order: Order, call: Call = {}): Promise<Answer<Used>> =>
  running.call('POST', `/v1/orders/${order.id}/rollback`, {
    token: running.tokens.till,
    key: newId(),
    body: { reason: 'returned' },
    ...call,
  });
const look = ({ id }: Order, call: Call = {}): Promise<Answer<OrderStatus>> =>
  running.call('GET', `/v1/orders/${id}`, { token: running.tokens.till, ...call });
const refusal = ({ status, body }: Answer<Used>) => [status, body.reason, body.claimId];
const reserved = (voucherId: string): number => {
  const rows = [...running.ledger.rows.values()].flat().filter((row) => row.voucherId === voucherId);
  return rows.filter(({ data }) => data.reservation).length - rows.filter(({ data }) => data.endedReservation).length;
};

describe('an order call', () => {
  it('uses all claims, with the price of the whole order, and keeps nothing of what it submitted', async () => {
    const user = await User.make();
    const cut = await user.claim({ benefit: off(500), combine: { group: 'b' } });
    const ten = await user.claim({ benefit: TEN, goods: [{ sku: 'A' }], combine: { with: ['b', 'default'] } });
    const cup = await user.claim({ benefit: CUP });
    const order = orderOf();
    const key = newId();
    const { status, body, headers } = await use(order, [cut, ten, cup], { key });
    expect([status, body.state, headers.get('location')]).toEqual([201, 'redeemed', `/v1/orders/${order.id}`]);
    expect(body.quote).toMatchObject({
      claimIds: [ten.id, cut.id, cup.id],
      discount: 1_100,
      total: 8_900,
      lines: [{ sku: 'A', discount: 600 + 287 }, { sku: 'B', discount: 160 }, { discount: 53 }],
      entitlements: [{ claimId: cup.id, benefit: CUP }],
    });
    expect(body.redemptions.map(({ claimId, discount }) => [claimId, discount?.amount])).toEqual([
      [ten.id, 600],
      [cut.id, 500],
      [cup.id, undefined],
    ]);
    const positions = headers.get('voucher-position')!;
    expect(positions).toMatch(/^\d+:\d+(, \d+:\d+)*$/);
    const seen = await look(order, { replica: 1, headers: { 'voucher-position': positions } });
    expect(seen.body).toMatchObject({ ...body, calls: [{ kind: 'redemption', state: 'done' }] });
    expect(await use(order, [cut, ten, cup], { key, replica: 1 })).toMatchObject({ status: 201, body });
    expect((await use(order, [cut], { key })).status).toBe(422);
    const { rows } = await running.database.query('SELECT plan, progress FROM order_calls WHERE order_id = $1', [
      order.id,
    ]);
    expect(rows).toMatchObject([{ plan: null, progress: { step: 'redeemed' } }]);
  });

  it('uses none if one is refused, and tells which, why, and by which submission', async () => {
    const user = await User.make();
    const fits = await user.claim({ benefit: off(500) });
    const large = await user.claim({ benefit: off(500), nodes: { use: { when: 'order.amount >= 20000' } } });
    const order = orderOf();
    const key = newId();
    const first = await use(order, [fits, large], { key });
    expect(refusal(first)).toEqual([409, 'use-rule', large.id]);
    expect(first.body.checks!.at(-1)).toMatchObject({ check: 'use-rule', passed: false });
    const again = await use(order, [fits, large], { key, replica: 1 });
    expect([again.status, again.body]).toEqual([409, first.body]);
    expect(again.headers.get('submission-id')).toBe(first.headers.get('submission-id'));
    expect([reserved(fits.voucherId), (await user.after(first, fits)).state]).toEqual([0, 'held']);
    expect((await look(order)).body).toMatchObject({
      state: 'refused',
      redemptions: [],
      quote: null,
      calls: [{ state: 'refused', reason: 'use-rule', claimId: large.id, submissionId: expect.any(String) }],
    });
    expect((await use(order, [fits])).status).toBe(201);
  });

  it('adds claims to an order, after what was recorded, if the order is the same and all combine', async () => {
    const [user, other] = [await User.make(), await User.make()];
    const half = await user.claim({ benefit: { type: 'percent-off', percent: 50 }, goods: [{ sku: 'A' }] });
    const ten = await user.claim({ benefit: TEN });
    const alone = await user.claim({ benefit: off(1), combine: { with: 'none' } });
    const order = orderOf();
    expect((await use(order, [half])).body.quote).toMatchObject({ discount: 3_000 });
    expect(refusal(await use({ ...order, amount: 11_000 }, [ten]))).toEqual([409, 'order-changed', undefined]);
    expect(refusal(await use(order, [half]))).toEqual([409, 'already-redeemed', half.id]);
    const refused = await use(order, [ten, alone]);
    expect(refusal(refused)).toEqual([409, 'not-combinable', alone.id]);
    expect(refused.headers.get('submission-id')).toBeNull();
    const foreign = await other.claim({ benefit: off(1) });
    expect(refusal(await use(order, [ten, foreign]))).toEqual([409, 'not-combinable', foreign.id]);
    const added = await use(order, [ten]);
    expect([added.status, added.body.quote]).toMatchObject([
      201,
      {
        claimIds: [half.id, ten.id],
        discount: 3_700,
        lines: [{ discount: 3_300 }, { discount: 300 }, { discount: 100 }],
      },
    ]);
  });

  it('counts what was used and rolled back singly on its order', async () => {
    const user = await User.make();
    const cut = await user.claim({ benefit: off(500), nodes: { use: { perClaim: 2 } } });
    const order = orderOf();
    const till = { token: running.tokens.till };
    const single = await running.call<Redemption>('POST', `/v1/claims/${cut.id}/redemptions`, {
      ...till,
      key: newId(),
      body: { order },
    });
    expect(single.body.discount).toMatchObject({ amount: 500, lines: [{ sku: 'A', amount: 300 }, {}, { amount: 50 }] });
    const known = ({ headers }: Answer<unknown>) =>
      look(order, { headers: { 'voucher-position': headers.get('voucher-position')! } });
    await known(single);
    expect(refusal(await use(order, [cut]))).toEqual([409, 'already-redeemed', cut.id]);
    const path = `/v1/redemptions/${single.body.id}/rollback`;
    await known(await running.call('POST', path, { ...till, key: newId(), body: { reason: 'returned' } }));
    expect((await use(order, [cut])).status).toBe(201);
    const { body } = await rollBack(order);
    expect(body.redemptions.map(({ rolledBackAt }) => typeof rolledBackAt)).toEqual(['string', 'string']);
  });

  it('is the only way to use a voucher with `combine`', async () => {
    const user = await User.make();
    const claim = await user.claim({ benefit: off(500), combine: {} });
    const call = { token: running.tokens.till, key: newId(), body: { order: orderOf() } };
    const { status, body } = await running.call<Problem>('POST', `/v1/claims/${claim.id}/redemptions`, call);
    expect([status, body.reason]).toEqual([409, 'order-required']);
  });

  it('refuses bad bodies, unknown claims, and claims of another user than the acting one', async () => {
    const user = await User.make();
    const claim = await user.claim({ benefit: off(500) });
    const order = orderOf();
    const faults = async (body: object) => {
      const { status, body: problem } = await use(order, [], { body });
      return [status, ...(problem.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    expect(await faults({ order, claimIds: [] })).toEqual([400, '/claimIds list-least']);
    expect(await faults({ order, claimIds: [claim.id, claim.id.toUpperCase()] })).toEqual([400, '/claimIds/1 twice']);
    expect(await faults({ order: { ...order, id: 'o' }, claimIds: [claim.id] })).toEqual([
      400,
      '/order/id not-of-path',
    ]);
    const small = { ...order, amount: 8_999 };
    expect(await faults({ order: small, claimIds: [claim.id] })).toEqual([400, '/order/amount below-items']);
    expect((await use(order, [{ ...claim, id: newId() }])).status).toBe(404);
    const shop = (sub: string) => ({ token: running.tokens.shop, headers: { 'x-user-id': sub } });
    expect((await use(order, [claim], shop('nobody'))).status).toBe(404);
    const then = { 'x-occurred-at': '2026-01-01T00:00:00Z', 'x-user-id': user.id };
    expect((await use(order, [claim], { token: running.tokens.import, headers: then })).status).toBe(400);
    expect((await look(order)).status).toBe(404);
    expect((await use(order, [claim], shop(user.id))).status).toBe(201);
    expect([(await look(order, shop('nobody'))).status, (await look(order, shop(user.id))).status]).toEqual([404, 200]);
  });
});

describe('a roll back of an order', () => {
  it('takes back the claims that are named, then the others, and the rest stays as priced', async () => {
    const user = await User.make();
    const [cut, ten] = [await user.claim({ benefit: off(500) }), await user.claim({ benefit: TEN })];
    const order = orderOf();
    const key = newId();
    expect((await use(order, [cut, ten], { key })).body.quote).toMatchObject({ discount: 1_500 });
    const named = { body: { reason: 'returned', claimIds: [ten.id] } };
    expect(await rollBack(order, named)).toMatchObject({
      status: 200,
      body: { state: 'redeemed', quote: { claimIds: [cut.id], discount: 500 } },
    });
    const stranger = { body: { reason: 'returned', claimIds: [newId()] } };
    expect((await rollBack(order, stranger)).status).toBe(404);
    const last = { key: newId() };
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await rollBack(order, last);
      expect([status, body]).toMatchObject([200, { state: 'rolled-back', quote: { discount: 0, total: 10_000 } }]);
      expect(body.redemptions.every(({ rolledBackAt }) => rolledBackAt !== undefined)).toBe(true);
    }
    // The key of the use shows the redemptions as they are now.
    const { status, body } = await use(order, [cut, ten], { key });
    expect([status, body.state]).toEqual([201, 'rolled-back']);
    expect((await use(order, [ten])).body.quote).toMatchObject({ discount: 1_000 });
  });

  it('is 404 for an order that nobody has used', async () => expect((await rollBack(orderOf())).status).toBe(404));
});

describe('an order call that waits', () => {
  it('is 202, goes on by itself, and another call of its order is 503 meanwhile', async () => {
    const user = await User.make();
    const [cut, ten] = [await user.claim({ benefit: off(500) }), await user.claim({ benefit: TEN })];
    const order = orderOf();
    const key = newId();
    running.ledger.hold();
    try {
      const { status, body, headers } = await use(order, [cut], { key });
      expect([status, body.state, headers.get('location')]).toEqual([202, 'pending', `/v1/orders/${order.id}`]);
      const pending = await look(order, { replica: 1 });
      expect(pending.body).toMatchObject({ state: 'pending', calls: [{ callId: body.callId, state: 'pending' }] });
      const other = await use(order, [ten], { replica: 1 });
      expect([other.status, other.headers.get('retry-after')]).toEqual([503, '1']);
    } finally {
      running.ledger.release();
    }
    await eventually('it is over', async () => (await look(order)).body.state === 'redeemed');
    expect((await use(order, [cut], { key })).status).toBe(201);
    expect((await look(order)).body.calls).toHaveLength(1);
  }, 30_000);

  it.each(['lock', 'redeem'])(
    'is finished by another replica if a crash left it at the step %s',
    async (step) => {
      const user = await User.make();
      const [cut, ten] = [await user.claim({ benefit: off(500) }), await user.claim({ benefit: TEN })];
      const order = orderOf();
      const key = newId();
      expect((await use(order, [cut, ten], { key })).status).toBe(201);
      // The row as the crash would have left it: the ledger has decided, and nobody knows.
      const plan = plannedAgain(order, [cut, ten]);
      await running.database.query(
        `UPDATE order_calls SET is_over = false, plan = $2, progress = $3 WHERE order_id = $1`,
        [order.id, JSON.stringify(plan), JSON.stringify({ step, attempt: 1, positions: {} })],
      );
      await eventually('it is over', async () => (await look(order)).body.state === 'redeemed', { timeoutMs: 20_000 });
      const { body } = await use(order, [cut, ten], { key });
      expect(body.quote).toMatchObject({ discount: 1_500 });
      expect(running.ledger.outcomesOf(cut.voucherId, 'voucher.redeemed.v1')).toHaveLength(1);
    },
    30_000,
  );
});

/** All that the call submitted, from the submissions that the ledger has read. */
function plannedAgain(order: Order, claims: readonly Claim[]): object {
  const { id: orderId, ...content } = order;
  const redemptions = claims.map(({ id }) => {
    const found = running.ledger.read.find((one) => one.kind === 'redemption' && one.claimId === id);
    if (found?.kind !== 'redemption') throw new Error('it was not redeemed');
    return found;
  });
  const [{ asker, at, by }] = redemptions as [(typeof redemptions)[0]];
  return {
    ...{ kind: 'redemption', orderId, content, asker, at, by, userId: claims[0]!.userId },
    applied: claims.map(({ id }) => id).toReversed(),
    uses: redemptions.map(({ claimId, voucherId, redemptionId, discount }) => ({
      ...{ claimId, voucherId, redemptionId, discount },
    })),
  };
}
