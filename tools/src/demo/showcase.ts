// Vouchers of today that the demo makes besides the year: one that refuses most claims, and one for a visitor to claim.
import type { Claim, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { largestOf, type Journey } from './journey.ts';
import { actingFor, viewWhole, type Access } from './replay.ts';
import { ask, eachOf } from './service-calls.ts';

/** Ids of the things to look at. */
export interface Showcase {
  /** Its claims were refused by the rule, as repetitions, and when it was sold out. */
  refusing: { id: string; slug: string };
  /** The submission of a household that its rule refused. */
  refusedSubmissionId: string;
  /** For gold and VIP members, valid now, not claimed yet. */
  live: { id: string; slug: string };
}

/** Households that claim, and how many at a time. */
const HOUSEHOLDS = 160;
const AT_ONCE = 32;
/** Time zone of the shops. */
const ZONE = 'America/New_York';

/** Midnight of the day `days` days from today. */
const dayFrom = (days: number): string =>
  Temporal.Now.plainDateISO(ZONE).add({ days }).toZonedDateTime(ZONE).toString({ timeZoneName: 'never' });
const windows = (): VoucherSpecInput['windows'] => ({
  timeZone: ZONE,
  valid: { from: dayFrom(-7), to: dayFrom(90) },
});

const refusing = (): VoucherSpecInput => ({
  name: 'Family pack: 15% off',
  description: 'For households of three or more, twenty units',
  resourceType: 'coupon',
  benefit: { type: 'percent-off', percent: 15, maxAmount: 2_000, currency: 'USD' },
  quantities: { claim: 20 },
  windows: windows(),
  nodes: {
    claim: { when: 'user.household_size in ["3", "4", "5+"]', perUser: 1 },
    use: { when: 'order.amount >= 3000' },
  },
  labels: { campaign: 'today' },
});

const live = (): VoucherSpecInput => ({
  name: 'Gold members: $20 off from $100',
  description: 'For gold and VIP members, fifty units',
  resourceType: 'coupon',
  benefit: { type: 'amount-off', amount: 2_000, currency: 'USD' },
  quantities: { claim: 50 },
  windows: windows(),
  nodes: { claim: { when: 'user.tier in ["gold", "vip"]', perUser: 1 }, use: { when: 'order.amount >= 10000' } },
  labels: { campaign: 'today' },
});

/** Makes both vouchers and a page for each. Households of the year claim the one that refuses. */
export async function makeShowcase(journey: Journey, access: Access, signal: AbortSignal): Promise<Showcase> {
  const headers = { Authorization: `Bearer ${access.token}` };
  const batch = {
    method: 'POST',
    url: `${access.config}/v1/vouchers/batch`,
    headers,
    body: { items: [refusing(), live()], publish: true },
  } as const;
  const [family, gold] = (await ask<{ items: Voucher[] }>(batch, [201], signal)).body.items as [Voucher, Voucher];
  const pages = [
    { slug: 'today-family', title: 'For families', voucherIds: [family.id] },
    { slug: 'today-gold', title: 'For gold members', voucherIds: [gold.id] },
  ];
  for (const { slug, ...body } of pages)
    await ask({ method: 'PUT', url: `${access.config}/v1/pages/${slug}`, headers, body }, [200, 201], signal);
  return {
    refusing: { id: family.id, slug: 'today-family' },
    refusedSubmissionId: await askForIt(journey, family.id, access, signal),
    live: { id: gold.id, slug: 'today-gold' },
  };
}

/** Each household views and claims; winners claim again, and every second one redeems. @returns a refused submission */
async function askForIt(journey: Journey, voucherId: string, access: Access, signal: AbortSignal): Promise<string> {
  const households = [...new Map(journey.views.map(({ userId, attributes }) => [userId, attributes]))];
  let refused = '';
  const visit = async ([userId, attributes]: (typeof households)[number], index: number): Promise<void> => {
    const headers = { ...actingFor(access, userId), 'X-User-Attrs': JSON.stringify(attributes) };
    const write = <Body>(path: string, key: string, body: unknown) =>
      ask<Body>(
        {
          method: 'POST',
          url: `${access.pageDelivery}/v1/${path}`,
          headers: { ...headers, 'Idempotency-Key': `${userId}-${key}` },
          body,
        },
        [201, 409],
        signal,
        [404],
      );
    await viewWhole({ method: 'GET', url: `${access.pageDelivery}/v1/pages/today-family`, headers }, 1, signal);
    const claim = await write<Claim>(`vouchers/${voucherId}/claims`, 'claim', { pageSlug: 'today-family' });
    if (claim.status === 409) {
      const isByRule = (claim.body as unknown as { reason: string }).reason === 'claim-rule';
      if (isByRule && 'household_size' in attributes) refused ||= claim.headers.get('submission-id')!;
      return;
    }
    await write(`vouchers/${voucherId}/claims`, 'claim-again', { pageSlug: 'today-family' });
    const order = { id: `order-of-${userId}`, amount: index % 4 === 0 ? 1_800 : 4_200, currency: 'USD' };
    if (index % 2 === 0) await write(`claims/${claim.body.id}/redemptions`, 'use', { order });
  };
  await eachOf(
    households.slice(0, HOUSEHOLDS).map((household, index) => ({ household, index })),
    AT_ONCE,
    ({ index }) => String(index),
    ({ household, index }) => visit(household, index),
  );
  return refused;
}

/** Addresses worth opening, with their content and the user to sign in as. */
export function sights(journey: Journey, showcase: Showcase, { config, pageDelivery, ledger }: Access): string {
  const { live, refusing, refusedSubmissionId } = showcase;
  const { id, coupons } = largestOf(journey);
  const seen = [
    [`${config}/labels/campaign:${id}`, `Publisher: the largest campaign, its funnel and its ${coupons} vouchers`],
    [`${config}/vouchers/${refusing.id}`, 'Support: a voucher that refused most who asked, and why'],
    [`${config}/decisions/${refusedSubmissionId}`, 'Support: one refusal, its checks and facts'],
    [`${pageDelivery}/p/${live.slug}`, 'Alice: a live voucher to claim, for gold members (Bob is not one)'],
    [`${config}/vouchers/${live.id}`, 'Publisher: that voucher, which counts the claim at once'],
    [`${config}/vouchers`, 'Publisher: every voucher'],
    [`${config}/docs`, `anybody: the API, as at ${pageDelivery}/docs and ${ledger}/docs`],
  ] as const;
  return ['to see in a browser, signed in as', ...seen.map(([address, what]) => `  ${what}\n    ${address}`)].join(
    '\n',
  );
}
