// The year in the Complete Journey files as vouchers, page views and redemptions, and the counters that must result.
// It reads the files and is otherwise pure: it does not know any service.
import type { VoucherSpecInput } from '@vouchers/contracts';
import { rows } from './rows.ts';

export interface Campaign {
  id: string;
  type: string;
  slug: string;
  /** A half-open range, RFC 3339 UTC: from the start of the first day to the start of the day after the last. */
  from: string;
  to: string;
}

/** One coupon of one campaign. `key` names it in the files: `campaign/coupon`. */
export interface Coupon {
  key: string;
  campaignId: string;
  upc: string;
  /** Distinct product ids. */
  products: string[];
}

/** A household received a campaign: one page is shown to one user. */
export interface PageView {
  campaignId: string;
  userId: string;
  at: string;
  attributes: Record<string, string>;
}

export interface CouponUse {
  key: string;
  userId: string;
  /** The number of this use among the uses of the coupon by this household, from 1. The first implies the claim. */
  nth: number;
  at: string;
}

/** The counters that a voucher must have at the end. */
export interface Expected {
  pushed: number;
  claimed: number;
  redeemed: number;
  /** Claims that were used once, of two possible uses. */
  held: number;
  /** Claims used twice. */
  used: number;
}

export interface Journey {
  campaigns: Campaign[];
  coupons: Coupon[];
  /** In order of time. */
  views: PageView[];
  /** In order of time. Uses of one day keep the order of the file. */
  uses: CouponUse[];
  /** By coupon key. */
  expected: Map<string, Expected>;
}

/** The label `source` of every voucher of the demo. */
export const SOURCE = 'complete-journey';

/** A claim may be used twice, since 27 households did so. */
export const USES_PER_CLAIM = 2;

const DAY_MS = 86_400_000;
const startOf = (day: string): string => new Date(`${day}T00:00:00Z`).toISOString();
const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString();
const byTime = (a: { at: string }, b: { at: string }): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** Reads the five files of `folder` that say what happened. Throws if one is missing or a row refers to a row that is not there. */
export function readJourney(folder: string): Journey {
  const campaigns = readCampaigns(folder);
  const campaignOf = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  const coupons = readCoupons(folder);
  const known = new Set(coupons.map((coupon) => coupon.key));
  const attributes = readAttributes(folder);

  const views = rows<'campaign_id' | 'household_id'>(folder, 'campaigns.csv').map((row) => ({
    campaignId: row.campaign_id,
    userId: `household-${row.household_id}`,
    at: found(campaignOf, row.campaign_id, 'campaigns.csv').from,
    attributes: attributes.get(row.household_id) ?? {},
  }));

  const usesSoFar = new Map<string, number>();
  const uses = rows<'household_id' | 'coupon_upc' | 'campaign_id' | 'redemption_date'>(folder, 'coupon_redemptions.csv')
    .map((row) => ({
      key: `${row.campaign_id}/${row.coupon_upc}`,
      userId: `household-${row.household_id}`,
      at: `${row.redemption_date}T12:00:00.000Z`,
    }))
    .sort(byTime)
    .map((use) => {
      if (!known.has(use.key)) throw new Error(`coupon_redemptions.csv: coupons.csv has no coupon ${use.key}`);
      const nth = (usesSoFar.get(`${use.key} ${use.userId}`) ?? 0) + 1;
      usesSoFar.set(`${use.key} ${use.userId}`, nth);
      return { ...use, nth };
    });
  return { campaigns, coupons, views: views.sort(byTime), uses, expected: count(coupons, views, uses) };
}

function readCampaigns(folder: string): Campaign[] {
  return rows<'campaign_id' | 'campaign_type' | 'start_date' | 'end_date'>(folder, 'campaign_descriptions.csv').map(
    (row) => ({
      id: row.campaign_id,
      type: row.campaign_type,
      slug: `campaign-${row.campaign_id}`,
      from: startOf(row.start_date),
      to: dayAfter(row.end_date),
    }),
  );
}

function readCoupons(folder: string): Coupon[] {
  const products = new Map<string, { campaignId: string; upc: string; ids: Set<string> }>();
  for (const row of rows<'coupon_upc' | 'product_id' | 'campaign_id'>(folder, 'coupons.csv')) {
    const key = `${row.campaign_id}/${row.coupon_upc}`;
    let coupon = products.get(key);
    if (!coupon) products.set(key, (coupon = { campaignId: row.campaign_id, upc: row.coupon_upc, ids: new Set() }));
    coupon.ids.add(row.product_id);
  }
  return [...products].map(([key, { campaignId, upc, ids }]) => ({ key, campaignId, upc, products: [...ids] }));
}

/** A household's attributes for its user. Values that the study does not know (NA) are left out. */
function readAttributes(folder: string): Map<string, Record<string, string>> {
  return new Map(
    rows<string>(folder, 'demographics.csv').map(({ household_id, ...facts }) => [
      household_id!,
      Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== 'NA')),
    ]),
  );
}

/** Counts directly: pushes are distinct households of the campaign, claims are distinct households with a use. */
function count(coupons: Coupon[], views: PageView[], uses: CouponUse[]): Map<string, Expected> {
  const households = new Map<string, Set<string>>();
  for (const view of views) {
    if (!households.has(view.campaignId)) households.set(view.campaignId, new Set());
    households.get(view.campaignId)!.add(view.userId);
  }
  const usesOf = Map.groupBy(uses, (use) => use.key);
  return new Map(
    coupons.map(({ key, campaignId }) => {
      const own = usesOf.get(key) ?? [];
      const claimed = new Set(own.map((use) => use.userId)).size;
      const used = own.filter((use) => use.nth === USES_PER_CLAIM).length;
      return [
        key,
        { pushed: households.get(campaignId)?.size ?? 0, claimed, redeemed: own.length, held: claimed - used, used },
      ];
    }),
  );
}

/** The campaign whose coupons were used most, and the number of its coupons. */
export function largestOf({ campaigns, coupons, uses }: Journey): { id: string; coupons: number } {
  const usesOf = (id: string): number => uses.filter(({ key }) => key.startsWith(`${id}/`)).length;
  const [{ id }] = campaigns.toSorted((a, b) => usesOf(b.id) - usesOf(a.id)) as [Campaign];
  return { id, coupons: coupons.filter(({ campaignId }) => campaignId === id).length };
}

/** The voucher of a coupon. It can be claimed and used on its campaign's days, by the clock of submissions. */
export function voucherOf(coupon: Coupon, campaign: Campaign): VoucherSpecInput {
  const range = { from: campaign.from, to: campaign.to };
  return {
    name: `Campaign ${campaign.id}, coupon ${coupon.upc}`,
    resourceType: 'coupon',
    windows: { timeZone: 'UTC', valid: range, claim: range, use: range },
    goods: coupon.products.map((sku) => ({ sku })),
    nodes: { use: { perClaim: USES_PER_CLAIM } },
    labels: { source: SOURCE, campaign: campaign.id, coupon: coupon.upc },
    clock: 'submissions',
  };
}

/** Groups of at most `most` items with at most `maxBytes` of JSON each, in order. */
export function batchesOf<T>(items: Iterable<T>, most: number, maxBytes: number): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (batches.length === 0 || batches.at(-1)!.length === most || bytes + size > maxBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(item);
    bytes += size;
  }
  return batches;
}

function found<T>(map: Map<string, T>, key: string, file: string): T {
  const value = map.get(key);
  if (!value) throw new Error(`${file}: campaign_descriptions.csv has no campaign ${key}`);
  return value;
}
