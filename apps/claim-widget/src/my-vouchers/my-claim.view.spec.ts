import { describe, expect, it } from '@jest/globals';
import type { ClaimListed } from '@vouchers/contracts';
import { myClaimView } from './my-claim.view.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const claim = (change: Partial<ClaimListed> = {}): ClaimListed => ({
  id: '018bcfe5-6800-7003-8000-000000000001',
  voucherId: '018bcfe5-6800-7003-8000-000000000002',
  voucherVersion: 1,
  userId: 'ann',
  state: 'held',
  uses: 0,
  heldAt: '2026-11-29T00:00:00.000Z',
  useFrom: '2026-11-29T00:00:00.000Z',
  useUntil: '2026-12-10T00:00:00.000Z',
  voucher: {
    name: 'Tea',
    resourceType: 'coupon',
    benefit: { type: 'amount-off', amount: 500, currency: 'EUR' },
    minimum: 2_000,
    goods: { count: 12, names: ['Green tea', 'Black tea'] },
    timeZone: 'UTC',
    link: 'https://shop.example',
  },
  ...change,
});

describe('a claim in its user’s list', () => {
  it('that is held has its terms and the way to the shop', () =>
    expect(myClaimView(claim(), 'en', NOW)).toMatchObject({
      isLive: true,
      title: 'Tea',
      worth: { figure: '€5' },
      terms: 'Orders from €20 · For Green tea, Black tea and 10 more · Use until 9 Dec',
      state: 'To use',
      href: 'https://shop.example',
    }));

  it.each([
    [{ state: 'redeemed' }, 'Used'],
    [{ state: 'revoked' }, 'Taken back'],
    [{ useUntil: '2026-11-30T00:00:00.000Z' }, 'Expired'],
  ] as const)('with %j is over: %s', (change, state) =>
    expect(myClaimView(claim(change), 'en', NOW)).toMatchObject({ isLive: false, state, terms: '', href: undefined }),
  );

  it('leads nowhere but to https, and has a name without its voucher', () => {
    const voucher = { ...claim().voucher!, link: 'javascript:alert(1)' };
    expect(myClaimView(claim({ voucher }), 'en', NOW).href).toBeUndefined();
    expect(myClaimView(claim({ voucher: undefined }), 'zh-CN', NOW).title).toBe('凭证');
  });
});
