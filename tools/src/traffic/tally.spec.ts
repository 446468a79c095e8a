import { describe, expect, it } from '@jest/globals';
import { differencesOf, type Count, type Tally } from './tally.ts';

const tally = (units: number | null = null): Tally => ({
  voucherId: 'v',
  units,
  claims: new Set(['a', 'b']),
  redemptions: new Set(['r']),
  soldOut: 3,
});
const count: Count = { voucherId: 'v', claimed: 2, redeemed: 1, soldOut: 3, holds: true };

describe('answers and counts', () => {
  it('can be equal', () => expect(differencesOf([tally(2)], [count])).toEqual([]));

  it.each([
    ['a claim lost', { claimed: 1 }, 'claimed 1, answered 2'],
    ['a claim doubled', { claimed: 3 }, 'claimed 3, answered 2'],
    ['a redemption lost', { redeemed: 0 }, 'redeemed 0, answered 1'],
    ['a refusal doubled', { soldOut: 4 }, 'refused as sold out 4, answered 3'],
    ['a proof broken', { holds: false }, 'its proof does not hold'],
  ])('show %s', (_, change, line) => {
    expect(differencesOf([tally()], [{ ...count, ...change }])).toEqual([`v: ${line}`]);
  });

  it('show more claims than units, even if every one was answered', () => {
    expect(differencesOf([tally(1)], [count])).toEqual(['v: 2 claims of 1 units']);
  });

  it('show a voucher without counts', () => {
    expect(differencesOf([tally()], [])).toEqual(['v: not counted at all']);
  });
});
