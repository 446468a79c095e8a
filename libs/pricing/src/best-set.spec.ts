import { describe, expect, it } from '@jest/globals';
import { takesMoneyOff } from '@vouchers/contracts';
import fc from 'fast-check';
import { basket, bestByTrying } from '../testing/generator.ts';
import { bestSet, type BestSet } from './best-set.ts';
import type { Candidate } from './candidate.ts';
import { combine } from './combination.ts';
import type { Line } from './lines.ts';
import { priceOf } from './price.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 0x7fff_ffff);
/** `CASES=10000` for a longer run. */
const RUNS = { numRuns: Number(process.env.CASES ?? 200), seed: SEED };

function searched(lines: Line[], candidates: Candidate[]): BestSet {
  const search = bestSet(lines, candidates);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value;
  }
}

const ids = (set: readonly Candidate[]): string[] => set.map(({ claimId }) => claimId);

describe(`the best set (SEED=${SEED})`, () => {
  it('is the one that trying every subset finds', () => {
    fc.assert(
      fc.property(basket(12), ({ lines, candidates }) => {
        const { candidates: found, exact } = searched(lines, candidates);
        const money = found.filter(({ benefit }) => takesMoneyOff(benefit));
        const tried = bestByTrying({ lines, candidates });
        expect(exact).toBe(true);
        expect([priceOf(lines, money).discount, ids(money)]).toEqual([tried.discount, ids(tried.set)]);
        expect(combine(found)).toBe(true);
      }),
      RUNS,
    );
  });

  const claim = (claimId: string, amount: number, until = 1): Candidate => ({
    claimId,
    voucherId: `voucher of ${claimId}`,
    userId: 'ann',
    until,
    benefit: { type: 'amount-off', amount, currency: 'EUR' },
  });
  const gift = (claimId: string, until = 1): Candidate => ({
    ...claim(claimId, 0, until),
    benefit: { type: 'gift', sku: 'G', name: 'A gift' },
  });

  it.each<[string, Candidate[], string[]]>([
    ['fewer claims', [claim('a', 40), claim('b', 60), claim('c', 100)], ['c']],
    ['sooner ends', [claim('a', 100, 2), claim('b', 100, 1)], ['b']],
    ['lower ids', [claim('b', 100), claim('a', 100)], ['a']],
    ['each gift, by end and id', [gift('c'), gift('b', 2), claim('d', 100), gift('a', 2)], ['d', 'c', 'a', 'b']],
    ['no claim without effect', [claim('a', 0)], []],
  ])('of equal discounts has %s', (_what, candidates, expected) =>
    expect(ids(searched([{ amount: 100 }], candidates).candidates)).toEqual(expected),
  );

  it('says so if it was cut, and takes off no less than the greedy choice', () => {
    const lines = Array.from({ length: 30 }, (_, place) => ({ sku: `S-${place}`, amount: 1_000 + place }));
    const candidates = Array.from({ length: 120 }, (_, index): Candidate => ({
      ...claim(`c-${index}`, 0, index % 7),
      benefit: { type: 'percent-off', percent: 1 + (index % 9) },
      reach: [...lines.keys()].filter((place) => (place + index) % 3 > 0),
    }));
    const { candidates: found, exact } = searched(lines, candidates);
    expect([exact, found.length]).toEqual([false, 30]);
    const byPercent = candidates.toSorted((a, b) => priceOf(lines, [b]).discount - priceOf(lines, [a]).discount);
    expect(priceOf(lines, found).discount).toBeGreaterThanOrEqual(priceOf(lines, byPercent.slice(0, 30)).discount);
  });
});
