import type { Counters } from '@vouchers/contracts';
import { describe, expect, it } from '@jest/globals';
import { differences } from './outcome.ts';

const expected = new Map([['26/51380041013', { pushed: 118, claimed: 3, redeemed: 4, held: 2, used: 1 }]]);
const idOf = new Map([['26/51380041013', 'v1']]);
const counters = (changes: Partial<Counters> = {}): Map<string, Counters> => {
  const none = {
    rolledBack: 0,
    locked: 0,
    expired: 0,
    released: 0,
    revoked: 0,
    retired: 0,
    offered: 0,
    waiting: 0,
    joined: 0,
    claimedFromOffer: 0,
    lapsed: 0,
    left: 0,
    extended: 0,
    discounted: {},
    reserved: { uses: 0, discount: {} },
    free: null,
    refused: {},
  };
  const asOf = { partition: 0, seq: 126, at: '2017-01-01T12:00:00.000Z' };
  return new Map([
    ['v1', { voucherId: 'v1', pushed: 118, claimed: 3, redeemed: 4, held: 2, used: 1, ...none, asOf, ...changes }],
  ]);
};

describe('differences between the ledger and the files', () => {
  it('are empty if every counter agrees', () => expect(differences(expected, idOf, counters())).toEqual([]));

  it.each([
    [{ pushed: 117 }, 'pushed 117, the files say 118'],
    [{ claimed: 4, redeemed: 5 }, 'claimed 4, the files say 3; redeemed 5, the files say 4'],
    [{ held: 3, used: 0 }, 'held 3, the files say 2; used 0, the files say 1'],
    [{ reserved: { uses: 1, discount: {} } }, 'reserved 1, the files say none'],
    [{ refused: { claim: { 'sold-out': 2 } } }, 'refused sold-out 2, the files say none'],
  ])('name the voucher and what differs: %j', (changes, told) => {
    expect(differences(expected, idOf, counters(changes))).toEqual([
      `voucher v1 (campaign 26, coupon 51380041013): ${told}`,
    ]);
  });

  it('name a voucher that one side does not have', () => {
    const name = 'voucher v1 (campaign 26, coupon 51380041013)';
    expect(differences(expected, idOf, new Map())).toEqual([`${name}: the ledger does not have it`]);
    expect(differences(new Map(), idOf, counters())).toEqual([`${name}: the files do not have it`]);
    expect(differences(expected, new Map(), counters())).toEqual([
      'voucher (none) (campaign 26, coupon 51380041013): the ledger does not have it',
    ]);
  });
});
