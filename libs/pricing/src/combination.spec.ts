import { describe, expect, it } from '@jest/globals';
import type { Combination } from '@vouchers/contracts';
import type { Candidate } from './candidate.ts';
import { combine, MOST_TOGETHER } from './combination.ts';

let last = 0;
const claim = (
  voucherId: string,
  combination?: Partial<Combination> | null,
  more: Partial<Candidate> = {},
): Candidate => ({
  claimId: `claim-${(last += 1)}`,
  voucherId,
  userId: 'ann',
  until: 1,
  combine: combination && { group: 'default', with: 'any', perOrder: 1, priority: 0, ...combination },
  ...more,
});
const distinct = (count: number): Candidate[] => Array.from({ length: count }, (_, index) => claim(`v-${index}`));

describe('claims', () => {
  it.each<[string, boolean, Candidate[]]>([
    ['none', true, []],
    ['two vouchers with the defaults', true, [claim('a'), claim('b', null)]],
    ['two of one voucher with the defaults', false, [claim('a'), claim('a')]],
    ['two of one voucher that allows two', true, [claim('a', { perOrder: 2 }), claim('a', { perOrder: 2 })]],
    ['three of one voucher that allows two', false, [1, 2, 3].map(() => claim('a', { perOrder: 2 }))],
    [
      'two of one voucher that does not allow its own group',
      false,
      [1, 2].map(() => claim('a', { perOrder: 2, group: 'x', with: ['y'] })),
    ],
    [
      'two of one voucher that allows its own group',
      true,
      [1, 2].map(() => claim('a', { perOrder: 2, group: 'x', with: ['x'] })),
    ],
    [
      'groups that allow each other',
      true,
      [claim('a', { group: 'x', with: ['y'] }), claim('b', { group: 'y', with: ['x'] })],
    ],
    [
      'a group that allows one that does not allow it',
      false,
      [claim('a', { group: 'x', with: ['y'] }), claim('b', { group: 'y', with: ['z'] })],
    ],
    ['one that is alone', true, [claim('a', { with: 'none' })]],
    ['one that is alone, beside another', false, [claim('a', { with: 'none' }), claim('b')]],
    ['two users', false, [claim('a'), claim('b', null, { userId: 'bob' })]],
    ['the most', true, distinct(MOST_TOGETHER)],
    ['more than the most', false, distinct(MOST_TOGETHER + 1)],
    ['two of a voucher with one use left', false, [1, 2].map(() => claim('a', { perOrder: 2 }, { usesLeft: 1 }))],
  ])('%s: %s', (_what, combines, claims) => expect(combine(claims)).toBe(combines));
});
