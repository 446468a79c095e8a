import { expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { VOUCHER_SPEC_INPUT } from '@vouchers/contracts/schemas';
import { completeSpec } from './complete.ts';

const RANGE = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const HOURS = [{ days: ['MO' as const], from: '09:00', to: '17:00' }];

/** Every field has a value that is not its default. */
const FULL = {
  name: 'V',
  description: 'text',
  resourceType: 'gift',
  benefit: { type: 'gift', sku: 'A-1', name: 'Mug' },
  quantities: { push: 1, claim: 2, redeem: 3, budget: { amount: 500, currency: 'EUR' } },
  windows: { timeZone: 'Asia/Shanghai', valid: RANGE, claim: { ...RANGE, hours: HOURS }, use: { ...RANGE } },
  goods: [{ sku: 'A-1' }],
  operations: { claimLabel: 'Take' },
  nodes: {
    enable: { when: 'false' },
    claim: { when: 'false', perUser: 2, record: ['tier'] },
    use: { when: 'false', perClaim: 2, record: ['tier'] },
    terminate: { when: 'false', claims: 'revoke' },
  },
  pool: { expired: 'retire', released: 'retire', revoked: 'return', rolledBack: 'retire' },
  labels: { team: 'a' },
  clock: 'submissions',
  redeemers: ['shop'],
  placements: ['shop', 'partner'],
  waitingList: { limit: 5, rank: '1', offerFor: 'PT1H', minUse: 'PT1H' },
  notices: ['P3D'],
  extension: { length: 'P7D', times: 2 },
  combine: { group: 'welcome', with: ['loyalty'], perOrder: 2, priority: -1 },
} satisfies Required<VoucherSpecInput>;

it('keeps each field that a caller may send', () => {
  expect(Object.keys(FULL).sort()).toEqual(Object.keys(VOUCHER_SPEC_INPUT['properties'] as object).sort());
  expect(completeSpec(FULL)).toEqual(FULL);
});

it.each([
  ['absent', {}, {}],
  ['null', { waitingList: null, notices: null, extension: null, combine: null }, {}],
  [
    'empty',
    { waitingList: {}, combine: {} },
    {
      waitingList: { limit: null, rank: '0', offerFor: 'PT24H', minUse: 'PT0S' },
      combine: { group: 'default', with: 'any', perOrder: 1, priority: 0 },
    },
  ],
])('completes waiting list, notices, extension and combination that are %s', (_, sent, completed) => {
  const { name, resourceType, windows } = FULL;
  const { waitingList, notices, extension, combine } = completeSpec({ name, resourceType, windows, ...sent });
  expect(JSON.parse(JSON.stringify({ waitingList, notices, extension, combine }))).toEqual(completed);
});

it.each([
  ['absent', {}],
  ['null', { budget: null }],
])('a budget that is %s is left out, as in specs of earlier releases', (_, quantities) => {
  const { name, resourceType, windows } = FULL;
  const completed = completeSpec({ name, resourceType, windows, quantities });
  expect(JSON.stringify(completed.quantities)).toBe('{"push":null,"claim":null,"redeem":null}');
});
