import { describe, expect, it } from '@jest/globals';
import type { Benefit } from '@vouchers/contracts';
import fc from 'fast-check';
import { basket } from '../testing/generator.ts';
import type { Candidate } from './candidate.ts';
import { priceOf } from './price.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 0x7fff_ffff);
const RUNS = { numRuns: Number(process.env.CASES ?? 200), seed: SEED };

const claim = (claimId: string, benefit: Benefit, more: Partial<Candidate> = {}): Candidate => ({
  claimId,
  voucherId: `voucher of ${claimId}`,
  userId: 'ann',
  until: 1,
  benefit,
  ...more,
});
const off = (amount: number): Benefit => ({ type: 'amount-off', amount, currency: 'EUR' });
const percent = (percent: number, maxAmount?: number): Benefit => ({ type: 'percent-off', percent, maxAmount });
const amounts = (lines: number[], claims: Candidate[]) =>
  priceOf(
    lines.map((amount) => ({ amount })),
    claims,
  ).discounts.map(({ claimId, amount, parts }) => [claimId, amount, parts]);

describe('a price', () => {
  it('applies percent-off before amount-off, then by end, then by id, and a higher priority first', () => {
    const first = { group: 'default', with: 'any' as const, perOrder: 1, priority: 1 };
    const claims = [
      claim('d', off(10)),
      claim('c', off(5)),
      claim('b', percent(50), { until: 2 }),
      claim('a', percent(10), { until: 1 }),
      claim('e', off(20), { until: 9, combine: first }),
      claim('f', { type: 'access', name: 'Lounge' }, { combine: first }),
    ];
    expect(amounts([100], claims).map(([id, amount]) => [id, amount])).toEqual([
      ['e', 20],
      ['f', 0],
      ['a', 8],
      ['b', 36],
      ['c', 5],
      ['d', 10],
    ]);
  });

  it.each<[string, number[], Candidate[], number[]]>([
    ['at most what is left', [30, 20], [claim('a', off(80))], [30, 20]],
    ['at most its maxAmount', [600, 400], [claim('a', percent(50, 100))], [60, 40]],
    ['only the lines in its reach', [100, 100, 50], [claim('a', off(60), { reach: [0, 2] })], [40, 0, 20]],
    ['nothing if no line is in its reach', [100], [claim('a', percent(50), { reach: [] })], [0]],
    [
      'what is left after the claims before',
      [100, 100],
      [claim('a', percent(50), { reach: [0] }), claim('b', off(75))],
      [25 + 50, 50],
    ],
  ])('takes off %s', (_what, lines, claims, parts) => {
    const { discounts } = priceOf(
      lines.map((amount) => ({ amount })),
      claims,
    );
    expect(lines.map((_, place) => discounts.reduce((sum, one) => sum + one.parts[place]!, 0))).toEqual(parts);
  });

  it(`sums: parts to their discount, discounts to the whole, and no line below 0 (SEED=${SEED})`, () => {
    fc.assert(
      fc.property(basket(12), ({ lines, candidates }) => {
        const { discount, discounts } = priceOf(lines, candidates);
        const left = lines.map(({ amount }) => amount);
        for (const { claimId, amount, parts } of discounts) {
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount);
          const { reach } = candidates.find((candidate) => candidate.claimId === claimId)!;
          for (const [place, part] of parts.entries()) {
            expect(part >= 0 && (part === 0 || !reach || reach.includes(place))).toBe(true);
            left[place]! -= part;
          }
          expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
        }
        const total = lines.reduce((sum, { amount }) => sum + amount, 0);
        expect(discount).toBe(total - left.reduce((sum, rest) => sum + rest, 0));
        expect(discount).toBeLessThanOrEqual(total);
      }),
      RUNS,
    );
  });
});
