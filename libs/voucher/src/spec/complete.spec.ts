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
  quantities: { push: 1, claim: 2, redeem: 3 },
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
} satisfies Required<VoucherSpecInput>;

it('keeps each field that a caller may send', () => {
  expect(Object.keys(FULL).sort()).toEqual(Object.keys(VOUCHER_SPEC_INPUT['properties'] as object).sort());
  expect(completeSpec(FULL)).toEqual(FULL);
});

it.each([
  ['absent', {}, {}],
  ['null', { waitingList: null, notices: null, extension: null }, {}],
  ['empty', { waitingList: {} }, { waitingList: { limit: null, rank: '0', offerFor: 'PT24H', minUse: 'PT0S' } }],
])('completes waiting list, notices and extension that are %s', (_, sent, completed) => {
  const { name, resourceType, windows } = FULL;
  const { waitingList, notices, extension } = completeSpec({ name, resourceType, windows, ...sent });
  expect(JSON.parse(JSON.stringify({ waitingList, notices, extension }))).toEqual(completed);
});
