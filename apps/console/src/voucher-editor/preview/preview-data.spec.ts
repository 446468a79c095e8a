import { describe, expect, it } from '@jest/globals';
import { SPEC_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import { previewData, usableTimes } from './preview-data.ts';

const valid = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z' };
const windows: VoucherSpec['windows'] = {
  timeZone: 'UTC',
  valid,
  claim: valid,
  use: { afterClaim: { delay: 'P1D', length: 'P7D' } },
};
const spec = { ...SPEC_DEFAULTS, name: 'a', resourceType: 'coupon', windows } as unknown as VoucherSpec;

describe('a sample claim', () => {
  it.each([
    ['in the middle', '2026-11-10T00:00:00.000Z', '2026-11-11T00:00:00.000Z', '2026-11-18T00:00:00.000Z'],
    ['before all', '2026-10-01T00:00:00.000Z', valid.from, '2026-10-09T00:00:00.000Z'],
    ['just ending with valid', '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z', valid.to],
    ['cut by the end of valid', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z', valid.to],
  ])('%s', (_, at, useFrom, useUntil) => expect(usableTimes(windows, at)).toEqual({ useFrom, useUntil }));
});

describe('the widget’s data', () => {
  const now = '2026-11-10T00:00:00.000Z';
  it('has a claim only in the states that need one', () => {
    expect(previewData(spec, 'claimable', now, true).modules[0]!.claim).toBeUndefined();
    expect(previewData(spec, 'locked', now, true).modules[0]!.claim).toMatchObject({ state: 'locked' });
  });
  it('has a pop-up if the spec has one and the user wants to see it', () => {
    const popped = { ...spec, operations: { popup: { trigger: 'on-load' as const, title: 'x' } } };
    expect(previewData(popped, 'claimable', now, true).popup).toMatchObject({
      trigger: 'on-load',
      title: 'x',
      text: '',
    });
    expect(previewData(popped, 'claimable', now, false).popup).toBeNull();
    expect(previewData(spec, 'claimable', now, true).popup).toBeNull();
  });
});
