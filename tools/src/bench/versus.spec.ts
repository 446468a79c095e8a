import { describe, expect, it } from '@jest/globals';
import type { Bench } from './bench.ts';
import { builtCheckout, comparisonOf, inTurns } from './versus.ts';

describe('two builds', () => {
  it('take turns, and neither is always the first', async () => {
    const order: string[] = [];
    const measure = (name: string) => () => Promise.resolve(order.push(name));
    const seen = await inTurns(3, { ours: measure('ours'), theirs: measure('theirs') });
    expect(order).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs']);
    expect(seen).toEqual({ ours: [1, 4, 5], theirs: [2, 3, 6] });
  });

  it('must be at the given place', () => {
    expect(() => builtCheckout('/nowhere')).toThrow('/nowhere/apps/ledger/dist/main.js is not there');
  });

  it('are compared only by figures that define a comparison', () => {
    const P1 = { what: () => 'work', unit: 'claims/s', open: () => Promise.reject(new Error('not opened here')) };
    const benches: Bench[] = [
      { ids: ['P1', 'P7'], run: () => Promise.resolve([]), versus: { P1 } },
      { ids: ['P8'], run: () => Promise.resolve([]) },
    ];
    expect(comparisonOf('P1', benches)).toBe(P1);
    expect(() => comparisonOf('P8', benches)).toThrow('two builds are compared by P1, not by P8');
  });
});
