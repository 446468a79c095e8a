// A small campaign with one of everything, for browser tests and pictures.
import type { Claim, EventRow, List, Page, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { ask, eachOf } from '../demo/service-calls.ts';
import type { Services } from '../services/services.ts';

/** The things of the scene. */
export interface Scene {
  /** The voucher with claims, refusals, redemptions and two versions. */
  readonly voucherId: string;
  readonly draftId: string;
  /** A voucher whose only unit is claimed. Two users wait for it. */
  readonly waitedForId: string;
  readonly slug: string;
  readonly label: string;
  readonly claimId: string;
  readonly refusedSubmissionId: string;
}

const DAY = 86_400_000;
const at = (days: number): string => new Date(Date.now() + days * DAY).toISOString().replace(/T.*/, 'T16:00:00Z');
const LABELS = { campaign: 'autumn', channel: 'app' };
const windows = { timeZone: 'Asia/Shanghai', valid: { from: at(-20), to: at(40) } };

const MAIN: VoucherSpecInput = {
  name: '满100减20',
  description: 'Gold and VIP members, from ¥100',
  resourceType: 'coupon',
  benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' },
  quantities: { push: 1_000, claim: 200 },
  windows: { ...windows, claim: { from: at(-20), to: at(20) } },
  nodes: {
    claim: { when: 'user.tier in ["gold", "vip"]', perUser: 1 },
    use: { when: 'order.amount >= 10000' },
  },
  operations: { popup: { trigger: 'on-claim', title: '送你一张券', text: '满 100 元可用' } },
  labels: LABELS,
};

const OTHERS: readonly VoucherSpecInput[] = [
  {
    name: '会员生日礼 Birthday gift',
    resourceType: 'gift',
    benefit: { type: 'gift', sku: 'TEA-50', name: '龙井茶 50 g' },
    quantities: { claim: 50 },
    windows,
    labels: LABELS,
  },
  {
    name: '6 期免息 Six instalments',
    resourceType: 'interest-free',
    benefit: { type: 'interest-free', days: 180 },
    windows: { ...windows, claim: { from: at(2), to: at(30) } },
    labels: LABELS,
  },
  {
    name: '9 折 Ten percent off',
    resourceType: 'coupon',
    benefit: { type: 'percent-off', percent: 10, maxAmount: 5_000, currency: 'CNY' },
    quantities: { claim: 20 },
    windows: { ...windows, valid: { from: at(-60), to: at(-1) } },
    labels: { campaign: 'summer' },
  },
];

const WAITED_FOR: VoucherSpecInput = {
  name: '双人下午茶 Tea for two',
  resourceType: 'access',
  quantities: { claim: 1 },
  windows,
  waitingList: { rank: 'user.tier == "vip" ? 1 : 0' },
  notices: ['P3D', 'PT2H'],
  extension: { length: 'P7D', times: 1 },
};

export async function makeScene(
  urls: Services['urls'],
  token: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Scene> {
  const headers = { Authorization: `Bearer ${token}` };
  const config = <Body>(method: 'POST' | 'PUT', path: string, body: unknown, more: Record<string, string> = {}) =>
    ask<Body>({ method, url: `${urls.config}/v1${path}`, headers: { ...headers, ...more }, body }, [200, 201], signal);
  const edge = <Body>(
    user: string,
    attributes: object,
    path: string,
    body?: unknown,
    method: 'POST' | 'PUT' = 'POST',
  ) => {
    const as = { ...headers, 'X-User-Id': user, 'X-User-Attrs': JSON.stringify(attributes) };
    const key = { 'Idempotency-Key': `${path}:${user}` };
    return body === undefined
      ? ask<Body>({ method: 'GET', url: `${urls['page-delivery']}/v1${path}`, headers: as }, [200], signal, [404])
      : ask<Body>(
          { method, url: `${urls['page-delivery']}/v1${path}`, headers: { ...as, ...key }, body },
          [201, 409],
          signal,
          [404],
        );
  };
  const made = await config<{ items: Voucher[] }>('POST', '/vouchers/batch', {
    items: [MAIN, ...OTHERS, WAITED_FOR],
    publish: true,
  });
  const [main, gift, , past, waitedFor] = made.body.items as [Voucher, Voucher, Voucher, Voucher, Voucher];
  await config(
    'PUT',
    `/vouchers/${main.id}`,
    { ...MAIN, quantities: { push: 1_000, claim: 240 } },
    { 'If-Match': '*' },
  );
  await config('POST', `/vouchers/${gift.id}/pause`, undefined);
  await config('POST', `/vouchers/${past.id}/terminate`, undefined);
  const { body: draft } = await config<Voucher>('POST', '/vouchers', {
    ...OTHERS[0]!,
    name: '新年礼 New year gift',
    windows: { timeZone: 'Asia/Shanghai', valid: { from: at(60), to: at(90) } },
  });
  const slug = `autumn-${main.id.slice(-6)}`;
  const voucherIds = made.body.items.slice(0, -1).map(({ id }) => id);
  await config<Page>('PUT', `/pages/${slug}`, { title: '秋日好券 Autumn', voucherIds });

  await edge('w-1', {}, `/vouchers/${waitedFor.id}/claims`, {});
  for (const [user, tier] of [
    ['w-2', 'silver'],
    ['w-3', 'vip'],
  ] as const)
    await edge(user, { tier }, `/vouchers/${waitedFor.id}/waiting-list-entry`, {}, 'PUT');

  const users = Array.from({ length: 90 }, (_, index) => `u-${index + 1}`);
  let claimId = '';
  await eachOf(
    users,
    6,
    (user) => user,
    async (user) => {
      const index = Number(user.slice(2));
      const attributes = { tier: index % 4 === 0 ? 'silver' : index % 5 === 0 ? 'vip' : 'gold' };
      await edge(user, attributes, `/pages/${slug}`);
      if (index % 3 === 0 && index % 4 !== 0) return;
      const claim = await edge<Claim>(user, attributes, `/vouchers/${main.id}/claims`, { pageSlug: slug });
      if (claim.status === 409) return;
      if (index % 2 === 0) {
        // It stays held, whoever is served first.
        claimId ||= claim.body.id;
        return;
      }
      const order = { id: `order-${index}`, amount: index % 7 === 0 ? 8_000 : 12_800, currency: 'CNY' };
      await edge(user, attributes, `/claims/${claim.body.id}/redemptions`, { order });
    },
  );
  // This one can sign in at the local issuer.
  await edge('bob', { tier: 'gold' }, `/vouchers/${main.id}/claims`, { pageSlug: slug });
  const url = `${urls.ledger}/v1/vouchers/${main.id}/events?type=voucher.claim-refused.v1&limit=1`;
  const refused = await ask<List<EventRow>>({ method: 'GET', url, headers }, [200], signal);
  return {
    voucherId: main.id,
    draftId: draft.id,
    waitedForId: waitedFor.id,
    slug,
    label: 'campaign:autumn',
    claimId,
    refusedSubmissionId: refused.body.items[0]!.submissionId!,
  };
}
