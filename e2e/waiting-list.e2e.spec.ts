// The life of a waiting list through HTTP: who waits, who is offered what comes back, and what each of them sees.
import type {
  Counters,
  Entry,
  List,
  PageData,
  Problem,
  Proof,
  Voucher,
  VoucherSpecInput,
  WaitingEntry,
} from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Actor, order, type CallOptions } from './actor.ts';
import type { Answer } from './requests.ts';

const at = (time: string): string => `2026-06-01T${time}:00.000Z`; // a Monday
const windows = { timeZone: 'UTC', valid: { from: '2026-01-01T00:00:00Z', to: '2026-07-01T00:00:00Z' } };
const SPEC: VoucherSpecInput = {
  name: 'Few',
  resourceType: 'coupon',
  clock: 'submissions',
  windows: { ...windows, use: { afterClaim: { delay: 'PT0S', length: 'P7D' } } },
  quantities: { claim: 1 },
  waitingList: { rank: "user.tier == 'vip' ? 2 : 1", offerFor: 'PT2H' },
  notices: ['P1D'],
  extension: { length: 'P2D', times: 1 },
};

let services: TestServices;
let actor: Actor;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '20000' } });
  actor = await Actor.of(services);
}, 120_000);
afterAll(() => services?.stop());

/** After what was answered, so that the read model has it. */
const after = ({ headers }: Answer<unknown>) => ({ 'Voucher-Position': headers.get('voucher-position')! });
const entriesOf = (user: string, asking: CallOptions = {}, query = ''): Promise<Answer<List<Entry>>> =>
  actor.edge('GET', `/waiting-list-entries${query}`, { user, ...asking });
const waiting = ({ id }: Voucher, query = ''): Promise<Answer<List<WaitingEntry>>> =>
  actor.ledger(`/vouchers/${id}/waiting-list${query}`);
const vip = { attributes: { tier: 'vip' } };

/** Ann has the only unit; bob, carol and dora wait. */
async function soldOut(spec: Partial<VoucherSpecInput> = {}): Promise<{ voucher: Voucher; claimId: string }> {
  const voucher = await actor.published({ ...SPEC, ...spec });
  const { body } = await actor.claim(voucher.id, { user: 'ann', at: at('09:00') });
  expect((await actor.join(voucher.id, { user: 'bob', at: at('09:10') })).status).toBe(201);
  expect((await actor.join(voucher.id, { user: 'carol', at: at('09:20'), ...vip })).status).toBe(201);
  expect((await actor.join(voucher.id, { user: 'dora', at: at('09:30') })).status).toBe(201);
  return { voucher, claimId: body.id };
}

describe('a waiting list', () => {
  it('offers what comes back to who is next, who claims it', async () => {
    const { voucher, claimId } = await soldOut();
    const line = (await waiting(voucher)).body.items;
    expect(line.map(({ userId, rank }) => [userId, rank])).toEqual([
      ['carol', 2],
      // Without the attribute, the rank is 0.
      ['bob', 0],
      ['dora', 0],
    ]);
    expect(line[0]!.joined).toMatchObject({ at: at('09:20'), seq: expect.any(Number) });
    const first = await waiting(voucher, '?limit=1');
    expect((await waiting(voucher, `?limit=1&after=${first.body.next}`)).body.items[0]!.userId).toBe('bob');

    const released = await actor.release(claimId, { user: 'ann', at: at('10:00') });
    const { body: theirs } = await entriesOf('carol', { headers: after(released) });
    expect(theirs.items).toEqual([
      expect.objectContaining({ state: 'offered', offer: { at: at('10:00'), until: at('12:00') } }),
    ]);
    expect(theirs.items[0]).not.toHaveProperty('rank');
    const bobs = await entriesOf('bob', { headers: after(released) }, `?voucherId=${voucher.id}&state=waiting`);
    expect(bobs.body.items.map(({ ahead }) => ahead)).toEqual([0]);
    const doras = await entriesOf('dora', { headers: after(released) });
    expect(doras.body.items.map(({ ahead }) => ahead)).toEqual([1]);

    expect((await actor.claim(voucher.id, { user: 'bob', at: at('10:10') })).body.reason).toBe('sold-out');
    const claimed = await actor.claim(voucher.id, { user: 'carol', at: at('10:20'), ...vip });
    expect(claimed.status).toBe(201);
    const counters = (await actor.counters(voucher.id)).body;
    expect(counters).toMatchObject({ waiting: 2, offered: 0, joined: 3, claimedFromOffer: 1, held: 1, free: 0 });
    const { body: proof } = await actor.proof(voucher.id, '?full=true');
    expect((proof as Proof).holds).toBe(true);
    const types = (await actor.events(`/vouchers/${voucher.id}/events`)).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['voucher.offered.v1', 'voucher.claim-refused.v1', 'voucher.claimed.v1']);
  });

  it('gives a lapsed offer to the next one, and takes offers back while it is paused', async () => {
    const { voucher, claimId } = await soldOut();
    await actor.release(claimId, { user: 'ann', at: at('10:00') });
    // The next submission brings what was due at 12:00.
    const later = await actor.leave(voucher.id, { user: 'eve', at: at('12:30') });
    expect((await actor.counters(voucher.id)).body).toMatchObject({ lapsed: 1, offered: 1, waiting: 1 });
    const slug = `l-${voucher.id.slice(-8)}`;
    await actor.config('PUT', `/pages/${slug}`, { title: 'L', voucherIds: [voucher.id] });
    const reader = { user: 'carol', at: at('12:35'), headers: after(later), ...vip };
    const { body } = await actor.edge<PageData>('GET', `/pages/${slug}`, reader);
    expect(body.modules[0]).toMatchObject({ state: 'sold-out', lapsed: at('12:00'), waitingList: { open: true } });
    await actor.staff('pause', voucher.id);
    const paused = await actor.claim(voucher.id, { user: 'bob', at: at('12:40') });
    expect(paused.body.reason).toBe('paused');
    expect((await actor.counters(voucher.id)).body).toMatchObject({ offered: 0, waiting: 2, free: 1 });
    await actor.staff('resume', voucher.id);
    expect((await actor.claim(voucher.id, { user: 'dora', at: at('12:50') })).body.reason).toBe('sold-out');
    expect((await actor.claim(voucher.id, { user: 'bob', at: at('12:55') })).status).toBe(201);
  });

  it('repeats without a key are answered with the entry, and with a key by their decision', async () => {
    const { voucher } = await soldOut();
    const again = await actor.join(voucher.id, { user: 'bob', at: at('09:40'), key: null });
    expect([again.status, again.body.state]).toEqual([200, 'waiting']);
    const key = randomUUID();
    const refused = await actor.join(voucher.id, { user: 'bob', at: at('09:40'), key });
    expect([refused.status, refused.body.reason]).toEqual([409, 'already-waiting']);
    expect((await actor.join(voucher.id, { user: 'bob', at: at('09:50'), key })).status).toBe(409);

    const never = await actor.leave(voucher.id, { user: 'eve', at: at('09:50'), key: null });
    expect([never.status, never.headers.get('submission-id')]).toEqual([404, expect.any(String)]);
    const left = await actor.leave(voucher.id, { user: 'bob', at: at('10:00'), key: null });
    expect([left.status, left.body.state, left.body.endedAt]).toEqual([200, 'left', at('10:00')]);
    const repeated = await actor.leave(voucher.id, { user: 'bob', at: at('10:10'), key: null });
    expect([repeated.status, repeated.body.id]).toEqual([200, left.body.id]);
    const status = await actor.edge<{ status: string; entry?: Entry }>(
      'GET',
      `/submissions/${left.headers.get('submission-id')}`,
      { user: 'bob' },
    );
    expect(status.body).toMatchObject({ status: 'accepted', entry: { id: left.body.id, state: 'left' } });
    expect(status.body.entry).not.toHaveProperty('rank');
  });

  it('is shown on pages, in qualifications and in dry runs', async () => {
    const { voucher, claimId } = await soldOut();
    const slug = `w-${voucher.id.slice(-8)}`;
    await actor.config('PUT', `/pages/${slug}`, { title: 'W', voucherIds: [voucher.id] });
    const seen = async (user: string, headers: Record<string, string>) => {
      const { body } = await actor.edge<PageData>('GET', `/pages/${slug}`, { user, at: at('10:30'), headers, ...vip });
      return body.modules[0]!;
    };
    const released = await actor.release(claimId, { user: 'ann', at: at('10:00') });
    const headers = after(released);
    expect(await seen('carol', headers)).toMatchObject({ state: 'offered', entry: { state: 'offered' } });
    expect(await seen('bob', headers)).toMatchObject({
      state: 'waiting',
      reason: 'sold-out',
      waitingList: { open: false },
    });
    expect(await seen('frank', headers)).toMatchObject({ state: 'sold-out', waitingList: { open: true } });
    const asked = { user: 'carol', at: at('10:30'), headers, ...vip };
    const { body } = await actor.edge<{ items: { voucherId: string; applicable: boolean }[] }>(
      'POST',
      '/qualifications',
      asked,
      {
        order: order('o'),
        pageSlug: slug,
      },
    );
    const here = body.items.filter(({ voucherId }) => voucherId === voucher.id);
    expect(here.map(({ applicable }) => applicable)).toEqual([true]);
    const cases = ['vip', 'none'].map((tier) => ({ node: 'join', user: { id: 'x', tier }, at: at('10:30') }));
    const dry = await actor.edge<{ items: object[] }>(
      'POST',
      '/dry-run',
      { headers },
      { voucherId: voucher.id, cases },
    );
    expect(dry.body.items).toMatchObject([
      { node: 'join', verdict: 'granted', rank: 2 },
      { node: 'join', verdict: 'granted', rank: 1 },
    ]);
  });
});

describe('a claim', () => {
  it('gives notice, and is extended once while nobody waits', async () => {
    const voucher = await actor.published({ ...SPEC, waitingList: null });
    const { body: claim } = await actor.claim(voucher.id, { user: 'ann', at: at('09:00') });
    const key = randomUUID();
    const extended = await actor.extend(claim.id, { user: 'ann', at: at('10:00'), key });
    expect([extended.status, extended.body.useUntil, extended.body.extensions]).toEqual([
      200,
      '2026-06-10T09:00:00.000Z',
      1,
    ]);
    expect((await actor.extend(claim.id, { user: 'ann', at: at('10:00'), key })).body).toEqual(extended.body);
    expect((await actor.extend(claim.id, { user: 'eve', at: at('10:00') })).status).toBe(404);
    await actor.claim(voucher.id, { user: 'ann', at: '2026-06-09T10:00:00Z' });
    const events = await actor.events(`/claims/${claim.id}/history`);
    expect(events.map(({ type, at: when }) => [type, when])).toEqual([
      ['voucher.claimed.v1', at('09:00')],
      ['voucher.claim-extended.v1', at('10:00')],
      ['voucher.claim-expiring.v1', '2026-06-09T09:00:00.000Z'],
    ]);
    expect(events.map(({ data }) => data.noticesAt)).toEqual([
      ['2026-06-07T09:00:00.000Z'],
      ['2026-06-09T09:00:00.000Z'],
      undefined,
    ]);
    expect((await actor.counters(voucher.id)).body as Counters).toMatchObject({ extended: 1, held: 1 });
  });
});

describe('a spec', () => {
  it.each<[string, object]>([
    ['/waitingList', { waitingList: {} }],
    ['/waitingList/rank', { waitingList: { rank: "'high'" }, quantities: { claim: 1 } }],
    ['/notices/1', { notices: ['P1D', 'P1D'] }],
    ['/extension/times', { extension: { length: 'P1D', times: 0 } }],
  ])('with a fault at %s is 400 there', async (pointer, changes) => {
    const body = { name: 'V', resourceType: 'coupon', windows, ...changes };
    const made = await actor.config<Problem>('POST', '/vouchers', body);
    expect([made.status, made.body.errors?.map((fault) => fault.pointer)]).toEqual([400, [pointer]]);
  });

  it('has its rank checked like a condition', async () => {
    const check = (when: string) => actor.config('POST', '/rules/check', { node: 'rank', when });
    expect((await check("user.tier == 'vip' ? 2 : 1")).body).toEqual({ ok: true, errors: [] });
    expect((await check('true')).body).toMatchObject({ ok: false, errors: [{ line: 1, column: 1 }] });
  });
});
