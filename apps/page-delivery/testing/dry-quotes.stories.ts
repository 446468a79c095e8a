// Stories of dry quotes over HTTP, for a spec that has started page-delivery.
import { describe, expect, it } from '@jest/globals';
import type { Benefit, Order, Problem, VoucherSpecInput } from '@vouchers/contracts';
import type { DryQuote } from '../src/dry-quote/dry-quote.schema.ts';
import { NO_VOUCHER } from '../src/dry-run/dry-run.judged.ts';
import type { Quote } from '../src/quotes/quote.schema.ts';
import { newId, type Answer, type Running } from './running.ts';

const off = (amount: number, currency = 'EUR'): Benefit => ({ type: 'amount-off', amount, currency });
const percent = (percent: number): Benefit => ({ type: 'percent-off', percent });
const ORDER: Order = {
  id: 'order-1',
  amount: 10_000,
  currency: 'EUR',
  items: [
    { sku: 'A', quantity: 1, amount: 6_000 },
    { sku: 'B', quantity: 2, amount: 3_000 },
  ],
};
const ALWAYS = { from: '2020-01-01T00:00:00Z', to: '2180-01-01T00:00:00Z' };
const ALWAYS_OPEN = { timeZone: 'UTC', valid: ALWAYS };
/** Five vouchers, of which three combine. */
const SPECS: Partial<VoucherSpecInput>[] = [
  { benefit: percent(33.33), goods: [{ sku: 'A' }] },
  { benefit: off(1_500) },
  { benefit: { type: 'gift', sku: 'G', name: 'A cup' } },
  { benefit: off(500), nodes: { use: { when: 'order.amount >= 11200' } } },
  { benefit: off(700), combine: { with: 'none' } },
];

export function tellDryQuotes(running: Running): void {
  const ask = (body: object, token = running.tokens.staff): Promise<Answer<DryQuote & Problem>> =>
    running.call('POST', '/v1/dry-run/quotes', { token, body: { order: ORDER, user: { id: newId() }, ...body } });

  describe('a dry quote', () => {
    it('is the quote of a user who has one claim of each voucher', async () => {
      const token = await running.issuer.signToken({ sub: newId(), scope: 'claims:write' });
      const voucherIds: string[] = [];
      const claims = new Map<string, string>();
      const positions: string[] = [];
      for (const spec of SPECS) {
        const voucherId = await running.define(spec);
        const claimed = await running.claim(voucherId, { token });
        positions.push(claimed.headers.get('voucher-position')!);
        voucherIds.push(voucherId);
        claims.set(claimed.body.id, voucherId);
      }
      const headers = { 'voucher-position': positions.join(', ') };
      const real = await running.call<Quote>('POST', '/v1/quotes', { token, headers, body: { order: ORDER } });
      const { status, body } = await ask({ voucherIds });
      expect([status, body.exact]).toEqual([200, true]);
      expect(body.best).toMatchObject({ discount: 3_500, total: 6_500 });
      const named = (claimId: string): string => claims.get(claimId)!;
      const { claimIds, lines, entitlements, ...sums } = real.body.best!;
      expect(body.best).toEqual({
        voucherIds: claimIds.map(named),
        ...sums,
        lines: lines.map((line) => ({
          ...line,
          by: line.by.map(({ claimId, amount }) => ({ voucherId: named(claimId), amount })),
        })),
        entitlements: entitlements.map(({ claimId, benefit }) => ({ voucherId: named(claimId), benefit })),
      });
      const sorted = <T extends { voucherId: string }>(items: T[]): T[] =>
        items.toSorted((one, other) => (one.voucherId < other.voucherId ? -1 : 1));
      expect(sorted(body.inapplicable)).toEqual(sorted(real.body.inapplicable.map(({ claimId: _, ...one }) => one)));
      expect(body.inapplicable).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ reason: 'use-rule', shortfall: { amount: 1_200, currency: 'EUR' } }),
          expect.objectContaining({ reason: 'not-combinable' }),
        ]),
      );
    });

    it('prices a draft in the place of its voucher, with its goods, or as a new one, and records nothing', async () => {
      const [cut, gift] = [await running.define({ benefit: off(1_500) }), await running.define(SPECS[2])];
      const spec = {
        name: 'New',
        resourceType: 'coupon',
        windows: ALWAYS_OPEN,
        benefit: percent(50),
      };
      const fresh = await ask({ voucherIds: [cut, gift], draft: { spec: { ...spec, goods: [{ sku: 'B' }] } } });
      expect(fresh.body.best).toMatchObject({ voucherIds: [NO_VOUCHER, cut, gift], discount: 3_000 });
      expect(fresh.body.best.lines[1]!.by[0]).toEqual({ voucherId: NO_VOUCHER, amount: 1_500 });
      const inPlace = await ask({ voucherIds: [gift], draft: { spec, voucherId: cut } });
      expect(inPlace.body.best).toMatchObject({ voucherIds: [cut, gift], discount: 5_000 });
      // The saved voucher is as it was, and nobody has a claim of it.
      expect((await ask({ voucherIds: [cut] })).body.best.discount).toBe(1_500);
      const { rows } = await running.database.query('SELECT 1 FROM claims WHERE voucher_id = $1', [cut]);
      expect(rows).toEqual([]);
    });

    it('is for a time and a user, whose attributes the rules see', async () => {
      const rule = { benefit: off(100), nodes: { use: { when: 'user.tier == "gold"' } } };
      const voucherIds = [await running.define(rule)];
      const reasons = async (body: object) =>
        (await ask({ voucherIds, ...body })).body.inapplicable.map((one) => one.reason);
      expect(await reasons({ user: { id: 'u', tier: 'gold' } })).toEqual([]);
      expect(await reasons({ user: { id: 'u' } })).toEqual(['use-rule']);
      const ended = { user: { id: 'u', tier: 'gold' }, at: '2190-01-01T00:00:00Z', heldAt: '2026-06-01T00:00:00Z' };
      expect(await reasons(ended)).toEqual(['claim-expired']);
    });

    it('is 404 for a voucher that is not known, 403 for customers, and 400 for a bad draft', async () => {
      expect((await ask({ voucherIds: [newId()] })).status).toBe(404);
      expect((await ask({ voucherIds: [] }, running.tokens.alice)).status).toBe(403);
      const faulty = await ask({ voucherIds: [], draft: { spec: { name: '' } } });
      expect(faulty.status).toBe(400);
      expect(faulty.body.errors!.map(({ pointer }) => pointer)).toContain('/draft/spec/name');
      const id = newId();
      const twice = await ask({
        order: { ...ORDER, amount: 8_999 },
        voucherIds: [id, id.toUpperCase()],
        draft: { spec: { name: 'New', resourceType: 'coupon', windows: ALWAYS_OPEN }, voucherId: id },
      });
      expect([twice.status, twice.body.errors!.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([
        400,
        ['/voucherIds/0 twice', '/voucherIds/1 twice', '/order/amount below-items'],
      ]);
      expect((await ask({ voucherIds: Array.from({ length: 31 }, newId) })).status).toBe(400);
      expect((await ask({ voucherIds: [] })).body.best).toMatchObject({ voucherIds: [], discount: 0, total: 10_000 });
    });
  });
}
