import { expect, it } from '@jest/globals';
import type { Definition, VoucherSpec } from '@vouchers/contracts';
import { completeSpec } from '@vouchers/voucher';
import { MemoryLedger } from './memory-ledger.ts';

const valid = { from: '2017-03-01T00:00:00.000Z', to: '2018-03-01T00:00:00.000Z' };
const TODAY = Date.parse('2026-11-23T12:00:00Z');

function defined(version: number, intent: Definition['intent'], clock: VoucherSpec['clock']) {
  const spec = completeSpec({ name: 'V', resourceType: 'coupon', windows: { timeZone: 'UTC', valid }, clock });
  const at = new Date(TODAY).toISOString();
  const value = { voucherId: 'v', version, intent, team: 'default', by: 'staff', at, spec };
  return { type: 'definition' as const, value, brokerTime: TODAY };
}

it('a draft that changes to `clock: "submissions"` decides imported history at its own time', () => {
  const ledger = new MemoryLedger();
  ledger.take('v', defined(1, 'draft', 'wall'));
  expect(ledger.take('v', defined(2, 'published', 'submissions')).map(({ at }) => at)).toEqual([
    Date.parse(valid.from),
  ]);
  const at = '2017-06-01T10:00:00.000Z';
  const base = { submissionId: 's', voucherId: 'v', at, asker: 'asker', bodyHash: 'hash' };
  const value = { ...base, kind: 'claim' as const, claimId: 'c', userId: 'alice', attributes: {} };
  expect(ledger.take('v', { type: 'submission', value, brokerTime: TODAY + 1 }).at(-1)).toMatchObject({
    type: 'voucher.claimed.v1',
    at: Date.parse(at),
  });
});
