import { describe, expect, it } from '@jest/globals';
import type { Redemption } from '@vouchers/contracts';
import type { Answer } from './account.ts';
import { judgeOrders, type OrderCallSeen, type OrderEvidence } from './orders.judge.ts';

const answer = (status: number, body: object = {}): Answer => ({ status, tookMs: 1, body });
const call = (orderId: string, claimIds: string[], settled: Answer, kind: OrderCallSeen['kind'] = 'redemptions') => ({
  ...{ orderId, kind, claimIds, path: `/v1/orders/${orderId}`, key: `${orderId}-${kind}`, userId: 'ann', body: {} },
  settled,
});
const use = (id: string, claimId: string, orderId: string, rolledBackAt?: string): Redemption => {
  const order = { id: orderId, amount: 1, currency: 'EUR' };
  return { id, claimId, voucherId: 'v', userId: 'ann', order, at: '', ...(rolledBackAt && { rolledBackAt }) };
};
const CALLS = [
  call('one', ['a', 'b'], answer(201, { redemptions: [{ id: '1' }, { id: '2' }] })),
  call('two', ['a', 'c'], answer(409, { reason: 'already-redeemed', claimId: 'a' })),
  call('three', ['d'], answer(201)),
  call('three', [], answer(200), 'rollback'),
];
const SOUND: OrderEvidence = {
  underWay: 0,
  locked: 0,
  reserved: [],
  redemptions: [use('1', 'a', 'one'), use('2', 'b', 'one'), use('3', 'd', 'three'), use('3', 'd', 'three', 'later')],
};
const AGAIN = new Map(CALLS.map(({ key, settled }) => [key, settled]));
const judged = (evidence: Partial<OrderEvidence>, again: [string, Answer][] = []) =>
  judgeOrders(CALLS, new Map([...AGAIN, ...again]), { ...SOUND, ...evidence });

describe('the judge of orders', () => {
  it('finds nothing if all is well', () => expect(judged({})).toEqual([]));

  it.each<[string, string[]]>([
    ['something is reserved', judged({ reserved: ['v: 1'] })],
    ['not over', judged({ underWay: 1 })],
    ['locked', judged({ locked: 1 })],
    [
      'order one uses a, and its answers say a, b',
      judged({ redemptions: SOUND.redemptions.filter(({ id }) => id !== '2') }),
    ],
    ['order two uses c', judged({ redemptions: [...SOUND.redemptions, use('4', 'c', 'two')] })],
    ['order three uses d', judged({ redemptions: SOUND.redemptions.slice(0, 3) })],
    ['claim a is used twice', judged({ redemptions: [...SOUND.redemptions, use('4', 'a', 'two')] })],
    ['then 201', judged({}, [['two-redemptions', answer(201)]])],
    ['without 1 redemptions', judged({}, [['one-redemptions', answer(201, { redemptions: [{ id: '1' }] })]])],
  ])('finds: %s', (what, found) => expect(found.join('; ')).toContain(what));
});
