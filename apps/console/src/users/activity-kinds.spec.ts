import { expect, it } from '@jest/globals';
import type { EventRow } from '@vouchers/contracts';
import { claimsIn, ofKind } from './activity-kinds.ts';

const event = (type: string, data: object): EventRow => ({ type, data }) as EventRow;
const granted = event('voucher.claimed.v1', { claim: { id: 'a', state: 'held', heldAt: '2026-01-01T00:00:00Z' } });
const used = event('voucher.redeemed.v1', { claim: { id: 'a', state: 'redeemed', heldAt: '2026-01-01T00:00:00Z' } });
const later = event('voucher.claimed.v1', { claim: { id: 'b', state: 'held', heldAt: '2026-01-02T00:00:00Z' } });
const refused = event('voucher.claim-refused.v1', { reason: 'claim-rule' });

it.each([
  ['all', [true, true, true]],
  ['claims', [true, false, false]],
  ['uses', [false, true, false]],
  ['refusals', [false, false, true]],
] as const)('%s', (kind, is) => expect([granted, used, refused].map((one) => ofKind(one, kind))).toEqual(is));

it('a claim has the state of its newest event', () =>
  expect(claimsIn([refused, later, used, granted]).map(({ id, state }) => `${id} ${state}`)).toEqual([
    'b held',
    'a redeemed',
  ]));
