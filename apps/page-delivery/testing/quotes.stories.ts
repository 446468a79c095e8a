// Stories of quotes over HTTP, for a spec that has started page-delivery.
import { describe, expect, it } from '@jest/globals';
import type { Benefit, Claim, Order, Problem, VoucherSpecInput } from '@vouchers/contracts';
import type { Quote } from '../src/quotes/quote.schema.ts';
import { newId, type Answer, type Running } from './running.ts';

const off = (amount: number, currency = 'EUR'): Benefit => ({ type: 'amount-off', amount, currency });
const percent = (percent: number): Benefit => ({ type: 'percent-off', percent });
const ITEMS = [
  { sku: 'A', quantity: 1, amount: 6_000 },
  { sku: 'B', quantity: 2, amount: 3_000 },
];
const ORDER: Order = { id: 'order-1', amount: 10_000, currency: 'EUR', items: ITEMS };

/** A user with claims, and quotes for that user. */
class Wallet {
  /** The newest position of each partition, since vouchers are in several. */
  private readonly positions = new Map<string, string>();

  private constructor(
    private readonly running: Running,
    readonly token: string,
  ) {}

  static async of(running: Running): Promise<Wallet> {
    return new Wallet(running, await running.issuer.signToken({ sub: newId(), scope: 'claims:write' }));
  }

  async claim(spec: Partial<VoucherSpecInput>): Promise<Claim> {
    const { token } = this;
    const { status, body, headers } = await this.running.claim(await this.running.define(spec), { token });
    expect(status).toBe(201);
    const position = headers.get('voucher-position')!;
    this.positions.set(position.split(':')[0]!, position);
    return body;
  }

  quote(order: object = ORDER, claimIds?: string[], token = this.token): Promise<Answer<Quote & Problem>> {
    const position = [...this.positions.values()].join(', ');
    const headers: Record<string, string> = position ? { 'voucher-position': position } : {};
    return this.running.call('POST', '/v1/quotes', { token, headers, body: { order, claimIds } });
  }
}

export function tellQuotes(running: Running): void {
  describe('a quote', () => {
    it('has the best set with its price, line by line, and why the other claims are not in it', async () => {
      const wallet = await Wallet.of(running);
      const third = await wallet.claim({ benefit: percent(33.33), goods: [{ sku: 'A' }] });
      const cut = await wallet.claim({ benefit: off(1_500) });
      const gift = await wallet.claim({ benefit: { type: 'gift', sku: 'G', name: 'A cup' } });
      const small = await wallet.claim({ benefit: off(500), nodes: { use: { when: 'order.amount >= 12500' } } });
      const foreign = await wallet.claim({ benefit: off(500, 'CNY') });
      const other = await wallet.claim({ benefit: percent(50), goods: [{ sku: 'C' }] });
      const { status, body } = await wallet.quote();
      expect([status, body.exact]).toEqual([200, true]);
      expect(body.best).toEqual({
        claimIds: [third.id, cut.id, gift.id],
        discount: 3_500,
        currency: 'EUR',
        total: 6_500,
        lines: [
          // 6,000 less 2,000 (33.33 % is 1,999.8, half up), then 1,500 over 4,000, 3,000 and 1,000; the odd unit is the first line's.
          {
            sku: 'A',
            amount: 6_000,
            discount: 2_750,
            by: [
              { claimId: third.id, amount: 2_000 },
              { claimId: cut.id, amount: 750 },
            ],
          },
          { sku: 'B', amount: 3_000, discount: 563, by: [{ claimId: cut.id, amount: 563 }] },
          { amount: 1_000, discount: 187, by: [{ claimId: cut.id, amount: 187 }] },
        ],
        entitlements: [{ claimId: gift.id, benefit: { type: 'gift', sku: 'G', name: 'A cup' } }],
      });
      expect(body.inapplicable).toHaveLength(3);
      expect(body.inapplicable).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            claimId: small.id,
            reason: 'use-rule',
            shortfall: { amount: 2_500, currency: 'EUR' },
          }),
          expect.objectContaining({ claimId: foreign.id, voucherId: foreign.voucherId, reason: 'currency-mismatch' }),
          expect.objectContaining({ claimId: other.id, reason: 'no-effect' }),
        ]),
      );
      expect(body.inapplicable.find(({ claimId }) => claimId === foreign.id)!.checks.at(-1)).toEqual({
        check: 'currency-mismatch',
        passed: false,
        detail: 'takes off CNY',
      });
      expect(body.asOf).toMatchObject({ at: expect.any(String), positions: expect.any(Object) });
    });

    it('uses one claim of a voucher, and no claim in vain', async () => {
      const wallet = await Wallet.of(running);
      const whole = await wallet.claim({ benefit: off(10_000), nodes: { claim: { perUser: 2 } } });
      const { token } = wallet;
      const second = await running.claim(whole.voucherId, { token });
      expect(second.status).toBe(201);
      const half = await wallet.claim({ benefit: percent(50) });
      const { body } = await wallet.quote();
      expect(body.best).toMatchObject({ claimIds: [whole.id], total: 0 });
      const reasons = Object.fromEntries(body.inapplicable.map(({ voucherId, reason }) => [voucherId, reason]));
      expect(reasons).toEqual({ [whole.voucherId]: 'not-combinable', [half.voucherId]: 'not-better' });
      const both = await wallet.quote(ORDER, [whole.id, second.body.id]);
      expect(both.body).toMatchObject({ best: null, exact: true });
      const faulty = both.body.inapplicable.filter(({ reason }) => reason === 'not-combinable');
      expect(faulty.map(({ claimId }) => claimId).sort()).toEqual([whole.id, second.body.id].sort());
    });

    it('knows which vouchers combine, in which order they are applied, and what their budgets allow', async () => {
      const wallet = await Wallet.of(running);
      const cut = await wallet.claim({ benefit: off(500), combine: { group: 'a', with: ['b'] } });
      const ten = await wallet.claim({ benefit: percent(10), combine: { group: 'b', with: ['a'], priority: -1 } });
      const alone = await wallet.claim({ benefit: off(900), combine: { with: 'none' } });
      const budget = { amount: 4_999, currency: 'EUR' };
      const large = await wallet.claim({ benefit: off(5_000), combine: { group: 'a' }, quantities: { budget } });
      const { body } = await wallet.quote();
      // The amount comes first, by its priority: 500, then 10 % of 9,500.
      expect(body.best).toMatchObject({ claimIds: [cut.id, ten.id], discount: 1_450 });
      const reasons = Object.fromEntries(body.inapplicable.map(({ claimId, reason }) => [claimId, reason]));
      expect(reasons).toEqual({ [alone.id]: 'not-combinable', [large.id]: 'budget-reached' });
      expect((await wallet.quote(ORDER, [cut.id, alone.id])).body.best).toBeNull();
      // As of an order call, too: a single redemption would be refused.
      const { body: qualified } = await running.call<{ items: { claim?: Claim; reason?: string }[] }>(
        'POST',
        '/v1/qualifications',
        { token: wallet.token, body: { order: ORDER } },
      );
      const refused = qualified.items.filter(({ reason }) => reason !== undefined);
      expect(refused).toMatchObject([{ claim: { id: large.id }, reason: 'budget-reached' }]);
    });

    it('prices the claims that are asked for, or says which of them cannot be used', async () => {
      const wallet = await Wallet.of(running);
      const whole = await wallet.claim({ benefit: off(10_000) });
      const cut = await wallet.claim({ benefit: off(1_500) });
      const late = await wallet.claim({ benefit: off(1), nodes: { use: { when: 'order.amount > 10000' } } });
      const asked = async (...claims: Claim[]) => {
        const { body } = await wallet.quote(
          { ...ORDER, id: 'o-2' },
          claims.map(({ id }) => id),
        );
        const about = claims.flatMap(({ id }) => body.inapplicable.filter(({ claimId }) => claimId === id));
        return [body.best && body.best.discount, ...about.map(({ reason }) => reason)];
      };
      expect(await asked(cut)).toEqual([1_500]);
      expect(await asked(cut, late)).toEqual([null, 'use-rule']);
      expect(await asked(whole, cut)).toEqual([null, 'no-effect']);
      expect(await asked()).toEqual([0]);
      const redeemed = await running.call('POST', `/v1/claims/${cut.id}/redemptions`, {
        token: running.tokens.till,
        key: newId(),
        body: { order: ORDER },
      });
      expect(redeemed.status).toBe(201);
      await running.call('GET', `/v1/claims/${cut.id}`, {
        token: wallet.token,
        headers: { 'voucher-position': redeemed.headers.get('voucher-position')! },
      });
      expect(await asked(cut)).toEqual([null, 'already-redeemed']);
    });

    it('knows the goods of a new version, and of a version that an earlier release stored without them', async () => {
      const wallet = await Wallet.of(running);
      const goods = { benefit: percent(10), goods: [{ sku: 'A' }] };
      const { voucherId } = await wallet.claim(goods);
      expect((await wallet.quote()).body.best?.discount).toBe(600);
      await running.define({ ...goods, goods: [{ sku: 'B' }] }, { voucherId, version: 2 });
      await running.define({ benefit: off(1) });
      const discount = async () => {
        // A new voucher is looked for up to the topic's present end.
        await running.claim(await running.define(), { token: wallet.token });
        return (await wallet.quote()).body.best?.discount;
      };
      expect(await discount()).toBe(300);
      await running.database.query('UPDATE newest_records SET beside = NULL WHERE key = $1', [voucherId]);
      await running.define({ ...goods, goods: [{ sku: 'B' }] }, { voucherId, version: 2 });
      await discount();
      const { rows } = await running.database.query('SELECT beside FROM newest_records WHERE key = $1', [voucherId]);
      expect(String(rows[0].beside)).toBe('["B"]');
    });

    it('is 400 for an order below its items and for a claim twice, and 404 for another user’s claim', async () => {
      const [wallet, stranger] = [await Wallet.of(running), await Wallet.of(running)];
      const { id } = await wallet.claim({});
      const faults = async (order: object, claimIds?: string[]) => {
        const { status, body } = await wallet.quote(order, claimIds);
        return [status, body.errors?.map(({ pointer, code }) => `${pointer} ${code}`)];
      };
      expect(await faults({ ...ORDER, amount: 8_999 })).toEqual([400, ['/order/amount below-items']]);
      expect(await faults(ORDER, [id, id.toUpperCase()])).toEqual([400, ['/claimIds/1 twice']]);
      expect(await faults(ORDER, Array(31).fill(id))).toEqual([400, ['/claimIds list-most']]);
      expect((await stranger.quote(ORDER, [id])).status).toBe(404);
    });
  });
}
