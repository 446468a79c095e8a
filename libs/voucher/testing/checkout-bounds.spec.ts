// Tests both sides of every limit of combination and budget. Written from the design, not from the code.
import { describe, expect, it } from '@jest/globals';
import { checkCondition, specFaults } from '@vouchers/voucher';

const OFF = { type: 'amount-off', amount: 100, currency: 'EUR' };
const spec = (fields: object): unknown => ({
  name: 'Voucher',
  resourceType: 'coupon',
  benefit: OFF,
  windows: { timeZone: 'UTC', valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } },
  ...fields,
});
const combine = (fields: object): object => ({ combine: fields });
const budget = (fields: object | null, benefit: object | undefined = OFF): object => ({
  benefit,
  quantities: { budget: fields },
});
const groups = (count: number): string[] => Array.from({ length: count }, (_, index) => `g${index}`);

describe('a spec', () => {
  it.each<[string, object]>([
    ['no combination', { combine: null }],
    ['a combination of defaults', combine({})],
    ['a group of one character', combine({ group: '-' })],
    ['a group of 63 characters', combine({ group: 'a'.repeat(63) })],
    ['any group beside it', combine({ with: 'any' })],
    ['none beside it', combine({ with: 'none' })],
    ['one group beside it', combine({ with: ['welcome'] })],
    ['20 groups beside it', combine({ with: groups(20) })],
    ['one per order', combine({ perOrder: 1 })],
    ['the lowest priority', combine({ priority: -1000 })],
    ['the highest priority', combine({ priority: 1000 })],
    ['no budget', budget(null)],
    ['no budget for a gift', budget(null, { type: 'gift', sku: 'G', name: 'Mug' })],
    ['the least budget', budget({ amount: 1, currency: 'EUR' })],
    ['a budget beside a percentage', budget({ amount: 1, currency: 'CNY' }, { type: 'percent-off', percent: 5 })],
  ])('has %s', (_, fields) => {
    expect(specFaults(spec(fields))).toEqual([]);
  });

  it.each<[string, object]>([
    ['/combine', { combine: 'any' }],
    ['/combine/group', combine({ group: '' })],
    ['/combine/group', combine({ group: 'a'.repeat(64) })],
    ['/combine/group', combine({ group: 'Welcome' })],
    ['/combine/group', combine({ group: null })],
    ['/combine/with', combine({ with: 'all' })],
    ['/combine/with', combine({ with: [] })],
    ['/combine/with', combine({ with: groups(21) })],
    ['/combine/with', combine({ with: ['a', 'a'] })],
    ['/combine/with/1', combine({ with: ['a', 'B'] })],
    ['/combine/perOrder', combine({ perOrder: 0 })],
    ['/combine/perOrder', combine({ perOrder: null })],
    ['/combine/priority', combine({ priority: -1001 })],
    ['/combine/priority', combine({ priority: 1001 })],
    ['/combine/priority', combine({ priority: 0.5 })],
    ['/combine/also', combine({ also: 1 })],
    ['/quantities/budget', budget({ amount: 1, currency: 'CNY' })],
    ['/quantities/budget', budget({ amount: 1, currency: 'EUR' }, { type: 'gift', sku: 'G', name: 'Mug' })],
    ['/quantities/budget', { benefit: undefined, quantities: { budget: { amount: 1, currency: 'EUR' } } }],
    [
      '/quantities/budget',
      budget({ amount: 1, currency: 'CNY' }, { type: 'percent-off', percent: 5, maxAmount: 9, currency: 'EUR' }),
    ],
    ['/quantities/budget', { quantities: { budget: 5 } }],
    ['/quantities/budget/amount', budget({ amount: 0, currency: 'EUR' })],
    ['/quantities/budget/amount', budget({ currency: 'EUR' })],
    ['/quantities/budget/currency', budget({ amount: 1, currency: 'XYZ' })],
    ['/quantities/budget/currency', budget({ amount: 1 })],
    ['/quantities/budget/left', budget({ amount: 1, currency: 'EUR', left: 1 })],
  ])('is wrong at %s: %j', (pointer, fields) => {
    const faults = specFaults(spec(fields));
    expect(faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(faults[0]!.message).not.toBe('');
  });
});

it.each([
  ['counters.discounted.EUR >= 100', true],
  ['counters.discounted["EUR"] >= 100', true],
  ['counters.discounted >= 100', false],
  ['counters.reserved.uses > 0', false],
])('a rule may name what was discounted, but not what is reserved: %s', (when, ok) => {
  for (const node of ['enable', 'claim', 'use', 'terminate'] as const) expect(checkCondition(node, when).ok).toBe(ok);
});
