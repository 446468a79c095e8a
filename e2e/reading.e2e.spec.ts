// Reads without effects: the counters' stream, the wallet, and dry runs, which must predict the ledger's decision.
import { setTimeout as pause } from 'node:timers/promises';
import type { Check, Claim, Counters, List, Problem, Reason, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { eventually, startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor, order } from './actor.ts';

let services: TestServices;
let actor: Actor;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '30000' } });
  actor = await Actor.of(services);
}, 120_000);
afterAll(() => services?.stop());

interface StreamEvent {
  id?: string;
  type?: string;
  data?: Counters;
  receivedAt: number;
}

/** Follows the counters of a voucher until `isEnough`. */
async function followed(
  voucherId: string,
  isEnough: (events: StreamEvent[]) => boolean,
  lastEventId?: string,
): Promise<StreamEvent[]> {
  const abort = new AbortController();
  const response = await fetch(`${services.urls.ledger}/v1/vouchers/${voucherId}/counters/stream`, {
    headers: { Authorization: `Bearer ${actor.token}`, ...(lastEventId && { 'Last-Event-ID': lastEventId }) },
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(30_000)]),
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: StreamEvent[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .filter((line) => line.includes(':'))
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      text = text.slice(end + 2);
      const data = fields.get('data');
      if (fields.size > 0)
        events.push({
          id: fields.get('id'),
          type: fields.get('event'),
          data: data ? (JSON.parse(data) as Counters) : undefined,
          receivedAt: performance.now(),
        });
    }
    if (isEnough(events)) break;
  }
  abort.abort();
  return events;
}

const idOf = ({ asOf }: Counters): string => `${asOf.partition}:${asOf.seq}`;

describe('the counters’ stream', () => {
  it('shows them at once and on changes, at most four times per second, and ends with the newest', async () => {
    const voucher = await actor.published({});
    await eventually(
      'the ledger has read its definition',
      async () => (await actor.counters(voucher.id)).status === 200,
    );
    const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const since = performance.now();
    const following = followed(voucher.id, (events) => events.at(-1)?.data?.claimed === users.length);
    for (const user of users) {
      expect((await actor.claim(voucher.id, { user })).status).toBe(201);
      await pause(25);
    }
    const shown = (await following).filter(({ data }) => data);
    expect(shown.length).toBeGreaterThan(2);
    for (const { id, data } of shown) expect(id).toBe(idOf(data!));
    const claimed = shown.map(({ data }) => data!.claimed);
    expect(claimed).toEqual([...claimed].sort((a, b) => a - b));
    // Measured over the whole time, because several may arrive at once after a stall of the machine.
    expect(shown.length).toBeLessThanOrEqual(2 + (shown.at(-1)!.receivedAt - since) / 250);
    const { asOf: _, ...values } = shown.at(-1)!.data!;
    expect((await actor.counters(voucher.id)).body).toMatchObject(values);
  }, 60_000);

  it('resumes where it broke off, also after a heartbeat, and repeats nothing', async () => {
    const voucher = await actor.published({});
    await actor.claim(voucher.id, { user: 'ann' });
    const now = idOf((await actor.counters(voucher.id)).body);
    const silent = await followed(voucher.id, (events) => events.length > 0, now);
    expect(silent).toMatchObject([{ type: 'heartbeat', id: now, data: undefined }]);
    await actor.claim(voucher.id, { user: 'bob' });
    const resumed = await followed(voucher.id, (events) => events.length > 0, silent[0]!.id);
    expect(resumed).toMatchObject([{ data: { claimed: 2 } }]);
    expect(resumed[0]!.id).not.toBe(now);
  }, 60_000);
});

describe('the wallet', () => {
  it('shows the user’s own claims, by state and voucher, page by page, newest first', async () => {
    const made: Claim[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { id } = await actor.published({ quantities: { claim: 5 } });
      made.unshift((await actor.claim(id, { user: 'wendy' })).body);
    }
    await actor.claim(made[0]!.voucherId, { user: 'walter' });
    const released = await actor.release(made[2]!.id, { user: 'wendy' });
    const headers = { 'Voucher-Position': released.headers.get('voucher-position')! };
    const wallet = async (query: string) =>
      (await actor.edge<List<Claim>>('GET', `/claims?${query}`, { user: 'wendy', headers })).body;

    const ids = made.map(({ id }) => id);
    // A position belongs to one partition. The other claims are in other partitions.
    await eventually('the wallet holds all of them', async () => (await wallet('')).items.length === ids.length);
    expect((await wallet('')).items.map(({ id }) => id)).toEqual(ids);
    expect((await wallet('state=released')).items).toEqual([released.body]);
    expect((await wallet('state=held')).items.map(({ id }) => id)).toEqual(ids.filter((id) => id !== made[2]!.id));
    expect((await wallet(`voucherId=${made[1]!.voucherId}`)).items).toEqual([made[1]]);
    expect((await wallet(`voucherId=${made[1]!.voucherId}&state=redeemed`)).items).toEqual([]);
    const paged: string[] = [];
    for (let after = ''; ;) {
      const page = await wallet(`limit=2${after}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    expect(paged).toEqual(ids);
    const others = await actor.edge('GET', `/claims/${made[0]!.id}`, { user: 'walter' });
    expect(others.status).toBe(404);
    expect((await actor.edge('GET', '/claims?state=lost', { user: 'wendy' })).status).toBe(400);
  }, 60_000);
});

interface Foreseen {
  verdict: 'granted' | 'refused';
  reason?: Reason;
  checks: Check[];
}

/** `first` is a user who claims before. At the use node, ann's claim is used for an order of that amount. */
const CASES: [
  what: string,
  spec: Partial<VoucherSpecInput>,
  node: 'claim' | 'use',
  amount: number,
  first: string | null,
][] = [
  ['a claim that is granted', {}, 'claim', 0, null],
  ['the claim rule', { nodes: { claim: { when: 'user.tier == "vip"' } } }, 'claim', 0, null],
  ['one per user', {}, 'claim', 0, 'ann'],
  ['sold out', { quantities: { claim: 1 } }, 'claim', 0, 'bob'],
  ['not enabled', { nodes: { enable: { when: 'counters.pushed > 5' } } }, 'claim', 0, null],
  ['a use that is granted', { nodes: { use: { when: 'order.amount >= 100' } } }, 'use', 100, 'ann'],
  ['the use rule', { nodes: { use: { when: 'order.amount >= 100 && user.tier == "gold"' } } }, 'use', 99, 'ann'],
  ['goods', { nodes: { use: { when: 'order.matchesGoods' } }, goods: [{ sku: 'A-1' }] }, 'use', 5, 'ann'],
];

describe('a dry run predicts the decision', () => {
  it.each(CASES)('%s', async (_, changes, node, amount, first) => {
    const voucher: Voucher = await actor.published(changes);
    const slug = `page-${voucher.id}`;
    await actor.config('PUT', `/pages/${slug}`, { title: 'A page', voucherIds: [voucher.id] });
    const attributes = { tier: 'gold' };
    const made = first ? await actor.claim(voucher.id, { user: first, attributes }) : undefined;
    const position = made?.headers.get('voucher-position');
    const headers: Record<string, string> = position ? { 'Voucher-Position': position } : {};
    const asked = order('order-1', amount, { items: [{ sku: 'B-2', quantity: 1, amount }] });

    const dry = await actor.edge<{ items: Foreseen[] }>(
      'POST',
      '/dry-run',
      { key: null, headers },
      {
        voucherId: voucher.id,
        cases: [{ node, user: { id: 'ann', ...attributes }, ...(node === 'use' && { order: asked }) }],
      },
    );
    const qualified = await actor.edge<{
      items: (Foreseen & { applicable: boolean; voucherId: string; claim?: Claim })[];
    }>(
      'POST',
      '/qualifications',
      { user: 'ann', attributes, key: null, headers },
      { order: asked, ...(node === 'claim' && { pageSlug: slug }) },
    );
    expect([dry.status, qualified.status]).toEqual([200, 200]);
    const item = qualified.body.items.find(
      ({ voucherId, claim }) => voucherId === voucher.id && (claim !== undefined) === (node === 'use'),
    )!;

    const sent =
      node === 'claim'
        ? await actor.claim(voucher.id, { user: 'ann', attributes })
        : await actor.redeem(made!.body.id, asked, { user: 'ann', attributes });
    const { body: decision } = await actor.decision(sent.headers.get('submission-id')!);
    const { verdict, reason, checks } = decision;
    expect(dry.body.items[0]).toMatchObject({ verdict, ...(reason && { reason }), checks });
    expect(item).toMatchObject({ applicable: verdict === 'granted', ...(reason && { reason }), checks });
    expect(dry.body.items[0]!.reason).toBe(reason);
    expect(item.reason).toBe(reason);
  });

  it('a spec that was never saved is judged as if published; its faults are named', async () => {
    const spec: VoucherSpecInput = {
      name: 'Unsaved',
      resourceType: 'gift',
      windows: { timeZone: 'UTC', valid: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' } },
      nodes: { claim: { when: 'user.tier == "gold"' } },
    };
    const run = (body: object) => actor.edge<Problem & { items: Foreseen[] }>('POST', '/dry-run', { key: null }, body);
    const at = (time: string, tier: string) => ({ node: 'claim', user: { id: 'ann', tier }, at: time });
    const cases = [
      at('2026-06-01T00:00:00Z', 'gold'),
      at('2026-06-01T00:00:00Z', 'none'),
      at('2027-01-01T00:00:00Z', 'gold'),
    ];
    const { body } = await run({ spec, cases });
    expect(body.items.map(({ verdict, reason }) => reason ?? verdict)).toEqual([
      'granted',
      'claim-rule',
      'outside-valid-window',
    ]);
    const faulty = {
      ...spec,
      windows: { ...spec.windows, claim: { from: '2026-03-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } },
      nodes: { use: { when: 'ordr.amount > 1' } },
    };
    const refused = await run({ spec: faulty, cases });
    expect(refused.status).toBe(400);
    expect(refused.body.errors!.map(({ pointer }) => pointer).sort()).toEqual([
      '/spec/nodes/use/when',
      '/spec/windows/claim/to',
    ]);
  });
});
