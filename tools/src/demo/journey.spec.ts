import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { batchesOf, largestOf, readJourney, voucherOf } from './journey.ts';

const folder = fileURLToPath(new URL('../../complete-journey', import.meta.url));
const journey = readJourney(folder);
const sum = (count: 'pushed' | 'claimed' | 'redeemed' | 'held' | 'used'): number =>
  [...journey.expected.values()].reduce((total, expected) => total + expected[count], 0);

describe('the Complete Journey, counted straight from its files', () => {
  it('has 27 campaigns, 1,197 vouchers, 6,589 page views and 2,102 redemptions', () => {
    expect(journey.campaigns).toHaveLength(27);
    expect(journey.coupons).toHaveLength(1_197);
    expect(journey.views).toHaveLength(6_589);
    expect(journey.uses).toHaveLength(2_102);
  });

  it('must come to 800,199 pushed, 2,075 claimed and 2,102 redeemed, 27 of them second uses', () => {
    expect([sum('pushed'), sum('claimed'), sum('redeemed'), sum('used'), sum('held')]).toEqual([
      800_199, 2_075, 2_102, 27, 2_048,
    ]);
    expect(Math.max(...journey.uses.map((use) => use.nth))).toBe(2);
  });

  it('has a coupon for 14,477 products, each named once', () => {
    const most = Math.max(...journey.coupons.map((coupon) => coupon.products.length));
    expect(most).toBe(14_477);
    for (const coupon of journey.coupons) expect(new Set(coupon.products).size).toBe(coupon.products.length);
  });

  it('shows at most 209 vouchers on a page', () => {
    expect(
      Math.max(
        ...Map.groupBy(journey.coupons, (coupon) => coupon.campaignId)
          .values()
          .map((coupons) => coupons.length),
      ),
    ).toBe(209);
  });

  it('has its largest campaign in the 18th', () => expect(largestOf(journey)).toEqual({ id: '18', coupons: 209 }));

  it('is in order of time, and never outside a campaign', () => {
    for (const timed of [journey.views, journey.uses])
      expect(timed.map(({ at }) => at)).toEqual(timed.map(({ at }) => at).sort());
    const campaignOf = new Map(journey.campaigns.map((campaign) => [campaign.id, campaign]));
    for (const use of journey.uses) {
      const { from, to } = campaignOf.get(use.key.split('/')[0]!)!;
      expect(from <= use.at && use.at < to).toBe(true);
    }
  });

  it('gives a household the attributes that the study knows', () => {
    const view = journey.views.find(({ userId }) => userId === 'household-1003')!;
    expect(view.attributes).toEqual({
      age: '35-44',
      income: '25-34K',
      marital_status: 'Unmarried',
      household_size: '1',
      household_comp: '1 Adult No Kids',
      kids_count: '0',
    });
    expect(journey.views.find(({ userId }) => userId === 'household-1238')!.attributes).toEqual({});
  });

  it('turns a coupon into a voucher that is valid until the end of its campaign’s last day', () => {
    const coupon = journey.coupons.find(({ campaignId }) => campaignId === '26')!;
    const range = { from: '2016-12-28T00:00:00.000Z', to: '2017-02-20T00:00:00.000Z' };
    expect(
      voucherOf(
        { ...coupon, products: ['7'] },
        journey.campaigns.find(({ id }) => id === '26')!,
      ),
    ).toEqual({
      name: `Campaign 26, coupon ${coupon.upc}`,
      resourceType: 'coupon',
      windows: { timeZone: 'UTC', valid: range, claim: range, use: range },
      goods: [{ sku: '7' }],
      nodes: { use: { perClaim: 2 } },
      labels: { source: 'complete-journey', campaign: '26', coupon: coupon.upc },
      clock: 'submissions',
    });
  });

  it("counts what the files say: without a household's second use, one redemption less", () => {
    const altered = mkdtempSync(join(tmpdir(), 'journey-'));
    try {
      cpSync(folder, altered, { recursive: true });
      const lines = readFileSync(join(folder, 'coupon_redemptions.csv'), 'utf8').split('\n');
      writeFileSync(join(altered, 'coupon_redemptions.csv'), lines.toSpliced(1, 1).join('\n'));
      const before = journey.expected.get('26/51380041013')!;
      expect(readJourney(altered).expected.get('26/51380041013')).toEqual({
        ...before,
        redeemed: before.redeemed - 1,
        held: before.held + 1,
        used: before.used - 1,
      });
    } finally {
      rmSync(altered, { recursive: true });
    }
  });
});

describe('batches', () => {
  it.each([
    [3, 1_000, [['aa', 'bb', 'cc'], ['dd']]],
    [
      9,
      10,
      [
        ['aa', 'bb'],
        ['cc', 'dd'],
      ],
    ],
    [9, 9, [['aa'], ['bb'], ['cc'], ['dd']]],
    [9, 1, [['aa'], ['bb'], ['cc'], ['dd']]],
  ])('of at most %i items and %i bytes', (most, maxBytes, expected) => {
    expect(batchesOf(['aa', 'bb', 'cc', 'dd'], most, maxBytes)).toEqual(expected);
  });

  it('of no items are empty', () => expect(batchesOf([], 1, 1)).toEqual([]));
});
