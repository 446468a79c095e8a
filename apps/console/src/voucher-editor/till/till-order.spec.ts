import { expect, it } from '@jest/globals';
import type { VoucherSpec } from '@vouchers/contracts';
import { newSpec } from '../draft/new-spec.ts';
import { firstOrder, quoteInput } from './till-order.ts';

const NOW = Date.parse('2026-11-23T12:00:30Z');
const USER = { id: 'gold', attributes: { tier: 'gold' } };
const spec: VoucherSpec = { ...newSpec(new Date(NOW).toISOString(), 'UTC'), name: 'Ten off' };
const window = (from: string, to: string): VoucherSpec => ({
  ...spec,
  windows: { ...spec.windows, valid: { from, to }, use: { from, to } },
});

it.each([
  ['within its window: now', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-11-23T12:00:00.000Z'],
  ['before it: its first moment', '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z', '2026-12-01T00:00:00.000Z'],
  ['after it: its first moment', '2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z', '2026-10-01T00:00:00.000Z'],
])('the order is at a time at which the voucher can be used, %s', (_when, from, to, at) => {
  expect(firstOrder(window(from, to), 'CNY', USER, NOW).at).toBe(at);
});

it('the order has the voucher’s goods', () => {
  const goods = ['T-1', 'T-2', 'T-3'].map((sku) => ({ sku, name: sku }));
  expect(firstOrder({ ...spec, goods }, 'CNY', USER, NOW).lines.map(({ sku }) => sku)).toEqual(['T-1', 'T-2']);
});

it('a line without goods counts in the amount alone, and so does the rest', () => {
  const order = firstOrder(spec, 'CNY', USER, NOW);
  const lines = [
    { key: 0, sku: ' A-1 ', amount: 6_000 },
    { key: 1, sku: '', amount: 3_000 },
  ];
  const { order: asked, draft, user } = quoteInput({ ...order, lines, rest: 1_000 }, spec, undefined);
  expect(asked).toMatchObject({ amount: 10_000, items: [{ sku: 'A-1', quantity: 1, amount: 6_000 }] });
  expect(user).toEqual({ id: 'gold', tier: 'gold' });
  expect(draft).toEqual({ spec });
});

it('the draft takes the place of its voucher, needs no name, and can be left out', () => {
  const order = firstOrder(spec, 'CNY', USER, NOW);
  expect(quoteInput(order, { ...spec, name: '' }, 'v-1').draft).toMatchObject({
    spec: { name: '-' },
    voucherId: 'v-1',
  });
  expect(quoteInput({ ...order, usesDraft: false, voucherIds: ['v-2'] }, spec, 'v-1')).not.toHaveProperty('draft');
});
