// Repeats the year through the service APIs: makes vouchers and pages, views pages, claims and uses coupons.
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, PageData, Redemption, Voucher } from '@vouchers/contracts';
import { batchesOf, voucherOf, type CouponUse, type Journey, type PageView } from './journey.ts';
import type { Purchase } from './purchases.ts';
import { ask, eachOf, type Answer, type Call } from './service-calls.ts';

/** Addresses of the services, and a token for them. */
export interface Access {
  config: string;
  pageDelivery: string;
  ledger: string;
  token: string;
}

/** Progress of a replay. */
export interface ReplayProgress {
  views: number;
  uses: number;
  /** One duration per page view. Unit: milliseconds. */
  viewsMs: number[];
}

/** Scopes of the demo's token, which acts for staff, pages and tills. */
export const SCOPES =
  'vouchers:read vouchers:write vouchers:publish pages:read claims:act redemptions:write ledger:read clock:set';

const MOST_IN_BATCH = 1_000;
/** The contract allows 16 MB per batch. Half of it leaves room for the JSON around the items. */
const BATCH_BYTES = 8_000_000;
/** Enough to keep two cores busy. With more, the times would only include waiting. */
const VIEWS_AT_ONCE = 8;
const USES_AT_ONCE = 64;
const PAUSE_MS = 100;

/** Makes and publishes every voucher, then every page. @returns voucher ids by coupon key. */
export async function publish(journey: Journey, access: Access, signal: AbortSignal): Promise<Map<string, string>> {
  const headers = { Authorization: `Bearer ${access.token}` };
  const campaignOf = new Map(journey.campaigns.map((campaign) => [campaign.id, campaign]));
  const specs = journey.coupons.map((coupon) => voucherOf(coupon, campaignOf.get(coupon.campaignId)!));
  const idOf = new Map<string, string>();
  for (const items of batchesOf(specs, MOST_IN_BATCH, BATCH_BYTES)) {
    const call = {
      method: 'POST',
      url: `${access.config}/v1/vouchers/batch`,
      headers,
      body: { items, publish: true },
    } as const;
    const { body } = await ask<{ items: Voucher[] }>(call, [201], signal);
    for (const { id, labels } of body.items) idOf.set(`${labels.campaign}/${labels.coupon}`, id);
  }
  for (const campaign of journey.campaigns) {
    const voucherIds = journey.coupons
      .filter(({ campaignId }) => campaignId === campaign.id)
      .map(({ key }) => idOf.get(key)!);
    const body = { title: `Campaign ${campaign.id} (${campaign.type})`, voucherIds };
    await ask({ method: 'PUT', url: `${access.config}/v1/pages/${campaign.slug}`, headers, body }, [200, 201], signal);
  }
  return idOf;
}

/** Shows every household the pages of its campaigns, each once, on the campaign's first day. */
export async function view(journey: Journey, access: Access, done: ReplayProgress, signal: AbortSignal): Promise<void> {
  const vouchersOn = new Map<string, number>();
  for (const { campaignId } of journey.coupons) vouchersOn.set(campaignId, (vouchersOn.get(campaignId) ?? 0) + 1);
  const slugOf = new Map(journey.campaigns.map(({ id, slug }) => [id, slug]));

  const show = async ({ campaignId, userId, at, attributes }: PageView): Promise<void> => {
    const headers = { ...actingFor(access, userId, at), 'X-User-Attrs': JSON.stringify(attributes) };
    const call = { method: 'GET', url: `${access.pageDelivery}/v1/pages/${slugOf.get(campaignId)}`, headers } as const;
    done.viewsMs.push(await viewWhole(call, vouchersOn.get(campaignId)!, signal));
    done.views += 1;
  };
  await eachOf(journey.views, VIEWS_AT_ONCE, ({ userId }) => userId, show);
}

/** Requests a page until it shows `most` vouchers. @returns duration of the last request in milliseconds */
export async function viewWhole(call: Call, most: number, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { body, tookMs } = await ask<PageData>(call, [200], signal, [404]);
    // A page that was published a moment ago may still lack vouchers. They are pushed when it shows them later.
    if (body.modules.length >= most) return tookMs;
    await pause(PAUSE_MS, undefined, { signal });
  }
}

/**
 * Claims and uses every coupon as the households did: several of one day by one call of the order, all or none. The uses
 * of one voucher stay in order; those of one day have the same time.
 */
export async function use(
  { views }: Journey,
  purchases: Purchase[],
  idOf: Map<string, string>,
  access: Access,
  done: ReplayProgress,
  signal: AbortSignal,
): Promise<void> {
  const claims = new Map<string, string>();
  const attributesOf = new Map(views.map(({ userId, attributes }) => [userId, attributes]));

  const buy = async ({ userId, at, order, uses }: Purchase): Promise<void> => {
    const acting = {
      ...actingFor(access, userId, at),
      'X-User-Attrs': JSON.stringify(attributesOf.get(userId) ?? {}),
    };
    const post = <Body>(path: string, key: string, body?: unknown): Promise<Answer<Body>> => {
      const headers = { ...acting, 'Idempotency-Key': key };
      return ask<Body>({ method: 'POST', url: `${access.pageDelivery}/v1/${path}`, headers, body }, [201], signal);
    };
    const holder = ({ key }: CouponUse): string => `${key} ${userId}`;
    const first = uses.filter(({ nth }) => nth === 1);
    await Promise.all(
      first.map(async (one) => {
        const { body } = await post<Claim>(`vouchers/${idOf.get(one.key)}/claims`, keyOf('claim', holder(one)));
        claims.set(holder(one), body.id);
      }),
    );
    const claimIds = uses.map((one) => claims.get(holder(one))!);
    if (uses.length === 1) await post<Redemption>(`claims/${claimIds[0]}/redemptions`, order.id, { order });
    else await post(`orders/${order.id}/redemptions`, order.id, { order, claimIds });
    done.uses += uses.length;
  };
  const vouchersOf = ({ uses }: Purchase): string[] => uses.map(({ key }) => key);
  await eachOf(purchases, USES_AT_ONCE, vouchersOf, buy, ({ at }) => at);
}

/** Headers of a call for a user. `at`: RFC 3339 time of the action, if it is not now. */
export const actingFor = (access: Access, userId: string, at?: string): Record<string, string> => ({
  Authorization: `Bearer ${access.token}`,
  'X-User-Id': userId,
  ...(at !== undefined && { 'X-Occurred-At': at }),
});

/** The same place in the files always gives the same key, so a repeated request is recognised. */
const keyOf = (...parts: (string | number)[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 32);
