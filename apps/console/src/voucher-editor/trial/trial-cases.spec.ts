import { describe, expect, it } from '@jest/globals';
import type { VoucherSpec } from '@vouchers/contracts';
import { casesOf, edgeTimes, firstUsers, MOST_CASES } from './trial-cases.ts';

const spec = {
  windows: {
    timeZone: 'UTC',
    valid: { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' },
    claim: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
    use: { afterClaim: { delay: 'PT0S', length: 'P7D' } },
  },
} as VoucherSpec;
const use = { amount: 100, currency: 'CNY', skus: ['a', 'b'], uses: 1 };

it('the times are both sides of each edge, each once', () =>
  expect(edgeTimes(spec, 'claim')).toEqual([
    '2026-10-31T23:59:59.000Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-19T23:59:59.000Z',
    '2026-11-20T00:00:00.000Z',
    '2026-11-30T23:59:59.000Z',
    '2026-12-01T00:00:00.000Z',
  ]));

describe('the first users', () => {
  it('are one per value of a choice, and one without attributes', () =>
    expect(
      firstUsers([
        { name: 'age', type: 'number' },
        { name: 'tier', type: 'string', values: ['gold', 'silver'] },
      ]),
    ).toEqual([
      { id: 'gold', attributes: { age: 30, tier: 'gold' } },
      { id: 'silver', attributes: { age: 30, tier: 'silver' } },
      { id: 'anyone', attributes: {} },
    ]));
  it('are one without attributes if there are no attributes', () =>
    expect(firstUsers([])).toEqual([{ id: 'anyone', attributes: {} }]));
});

describe('the cases', () => {
  const users = Array.from({ length: 60 }, (_, index) => ({ id: `u${index}`, attributes: { id: 'x', tier: 'gold' } }));
  const times = ['2026-10-01T00:00:00.000Z', '2026-11-10T00:00:00.000Z'];

  it('go row by row, up to the limit', () => {
    const cases = casesOf('claim', spec, users, times, use);
    expect(cases).toHaveLength(MOST_CASES);
    expect(cases[1]).toEqual({ node: 'claim', user: { id: 'u0', tier: 'gold' }, at: times[1] });
  });
  it('have no user for the enable and terminate nodes', () =>
    expect(casesOf('enable', spec, users, times, use)).toHaveLength(2));
  it('have an order and a claim for the use node, which is never held later than the case', () => {
    const [early, late] = casesOf('use', spec, users, times, use);
    expect([early!.claim, late!.claim]).toEqual([
      { heldAt: times[0], uses: 1 },
      { heldAt: '2026-11-01T00:00:00.000Z', uses: 1 },
    ]);
    expect(early!.order).toMatchObject({
      amount: 100,
      items: [
        { sku: 'a', amount: 50 },
        { sku: 'b', amount: 50 },
      ],
    });
  });
});
