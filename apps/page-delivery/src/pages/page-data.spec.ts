import { describe, expect, it } from '@jest/globals';
import type { Claim, Definition, Facts, Intent, ModuleState, PageData, VoucherSpecInput } from '@vouchers/contracts';
import { completeSpec, newVoucher, type VoucherState } from '@vouchers/voucher';
import type { UserVoucher } from '../read-model/holdings.ts';
import { drawPage, slotsOf, undrawn } from './drawn-page.ts';
import { timeFor } from './page-data.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const ID = '01a20000-0000-7000-8000-000000000001';
const PAGE = { slug: 'p', title: 'P', voucherIds: [ID], version: 1, team: 't', updatedAt: '', updatedBy: '' };
const windows = { timeZone: 'UTC', valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } };

function voucher(spec: Partial<VoucherSpecInput> = {}, intent: Intent = 'published'): VoucherState {
  const complete = completeSpec({ name: 'V', resourceType: 'coupon', windows, ...spec });
  const definition: Definition = {
    voucherId: ID,
    version: 1,
    intent,
    team: 't',
    by: 'b',
    at: '2026-11-01T00:00:00Z',
    spec: complete,
  };
  return newVoucher(definition);
}
function claim(state: Claim['state'], about: Partial<Claim> = {}): Claim {
  const times = {
    heldAt: '2026-11-02T00:00:00.000Z',
    useFrom: '2026-11-02T00:00:00.000Z',
    useUntil: '2026-12-01T00:00:00.000Z',
  };
  return { id: ID, voucherId: ID, voucherVersion: 1, userId: 'u', state, uses: 0, ...times, ...about };
}
const view = (state: VoucherState, has: Partial<UserVoucher> = {}, now = NOW, attributes: Facts = {}) =>
  drawn(state, { claims: 0, pushed: false, ...has }, now, attributes);
/** Runs the generator to its end. @returns its result, and how often it paused */
function wholly<Result>(work: Iterator<void, Result>): Result & { pauses: number } {
  for (let pauses = 0; ; pauses += 1) {
    const step = work.next();
    if (step.done) return { ...step.value, pauses };
  }
}
function drawn(state: VoucherState, has: UserVoucher, now: number, attributes: Facts = {}) {
  const visitor = { userId: 'u', attributes, now };
  const slots = slotsOf(PAGE, new Map([[ID, state]]), new Map([[ID, has]]), visitor);
  const { text, pushes } = wholly(drawPage(PAGE, slots, visitor));
  return { data: JSON.parse(text) as PageData, pushes };
}

describe('the time that a service sends', () => {
  const sent = { now: NOW, occurredAt: { at: Date.parse('2026-11-05T00:00:00Z'), team: 't' } };
  it.each<[string, VoucherState, object, number]>([
    ['counts for a voucher of its team', voucher({ clock: 'submissions' }), sent, sent.occurredAt.at],
    [
      'does not count for a voucher of another team',
      voucher({ clock: 'submissions' }),
      { now: NOW, occurredAt: { ...sent.occurredAt, team: 'other' } },
      NOW,
    ],
    ['does not count for a voucher with the wall clock', voucher(), sent, NOW],
  ])('%s', (_, state, visitor, time) => {
    expect(timeFor(state, visitor as typeof sent)).toBe(time);
  });
});

describe('the state of a module', () => {
  const lock = (until: string) => ({ lock: { orderId: 'o', until } });
  it.each<[string, VoucherState, Partial<UserVoucher>, ModuleState, boolean]>([
    ['no check fails', voucher(), {}, 'claimable', true],
    ['pushed before', voucher(), { pushed: true }, 'claimable', false],
    ['held', voucher(), { claims: 1, claim: claim('held') }, 'claimed', false],
    [
      'held, more allowed',
      voucher({ nodes: { claim: { perUser: 2 } } }),
      { claims: 1, claim: claim('held') },
      'claimed',
      false,
    ],
    ['locked', voucher(), { claims: 1, claim: claim('locked', lock('2026-11-24T00:00:00Z')) }, 'locked', false],
    [
      'a lock that has run out',
      voucher(),
      { claims: 1, claim: claim('locked', lock('2026-11-23T12:00:00Z')) },
      'claimed',
      false,
    ],
    ['redeemed, limit reached', voucher(), { claims: 1, claim: claim('redeemed') }, 'redeemed', false],
    [
      'redeemed, more allowed',
      voucher({ nodes: { claim: { perUser: 2 } } }),
      { claims: 1, claim: claim('redeemed') },
      'claimable',
      true,
    ],
    [
      'expired by now, limit reached',
      voucher(),
      { claims: 1, claim: claim('held', { useUntil: '2026-11-23T12:00:00.000Z' }) },
      'not-eligible',
      false,
    ],
    [
      'sold out and not eligible',
      voucher({ quantities: { claim: 1 }, nodes: { claim: { when: 'false' } } }),
      {},
      'sold-out',
      false,
    ],
    ['push quantity, not yet pushed', voucher({ quantities: { push: 1 } }), {}, 'not-eligible', false],
    ['push quantity, pushed before', voucher({ quantities: { push: 1 } }), { pushed: true }, 'claimable', false],
    ['held, of a paused voucher', voucher({}, 'paused'), { claims: 1, claim: claim('held') }, 'claimed', false],
    [
      'redeemed, of a terminated voucher',
      voucher({ nodes: { claim: { perUser: null } } }, 'terminated'),
      { claims: 1, claim: claim('redeemed') },
      'redeemed',
      false,
    ],
  ])('%s', (what, state, has, expected, pushes) => {
    if (what.startsWith('push quantity')) state.counters.pushed = 1;
    if (what.startsWith('sold out')) Object.assign(state.counters, { claimed: 1, held: 1 });
    const { data, pushes: pushed } = view(state, has);
    expect([data.modules[0]?.state, pushed.length > 0]).toEqual([expected, pushes]);
  });

  it.each<[string, number, ModuleState]>([
    ['2026-10-31T23:59:59.999Z', 0, 'not-started'],
    ['2026-11-01T00:00:00.000Z', 1, 'claimable'],
    ['2026-11-30T23:59:59.999Z', 1, 'claimable'],
    ['2026-12-01T00:00:00.000Z', 0, 'ended'],
  ])('at %s', (now, pushes, state) => {
    const seen = view(voucher(), {}, Date.parse(now));
    expect([seen.data.modules[0]?.state, seen.pushes.length]).toEqual([state, pushes]);
  });

  it.each<Intent>(['draft', 'paused', 'terminated'])('does not exist: %s voucher, claim that has expired', (intent) => {
    expect(
      view(voucher({}, intent), { claims: 1, claim: claim('held', { useUntil: '2026-11-03T00:00:00.000Z' }) }).data
        .modules,
    ).toEqual([]);
  });
});

describe('a cached module', () => {
  const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
  const stateOf = (...of: Parameters<typeof view>) => view(...of).data.modules[0]?.state;

  it('changes when its window or its hours begin or end, also if the time goes back', () => {
    const hours = [{ days: ['MO' as const], from: '10:00', to: '10:02' }];
    const claim = { from: '2026-11-23T09:00:00Z', to: '2026-11-23T11:00:00Z', hours };
    const one = voucher({ windows: { ...windows, claim } });
    const times = ['08:59:59', '10:00:00', '10:01:59.999', '10:02:00', '10:59:59', '11:00:00', '10:01:00'];
    expect(times.map((time) => stateOf(one, {}, at(time)))).toEqual([
      'not-started',
      'claimable',
      'claimable',
      'not-started',
      'not-started',
      'ended',
      'claimable',
    ]);
  });

  it('of a user with a claim changes when the lock or the claim ends', () => {
    const one = voucher();
    const until = '2026-11-23T12:00:00.001Z';
    const has = {
      claims: 1,
      pushed: true,
      claim: claim('locked', { useUntil: '2026-11-23T12:00:00.003Z', lock: { orderId: 'o', until } }),
    };
    const seen = [0, 1, 2, 3].map(
      (ms) => drawn(one, has, NOW + ms).data.modules.map(({ state, claim }) => [state, claim?.state])[0],
    );
    expect(seen).toEqual([
      ['locked', 'locked'],
      ['claimed', 'held'],
      ['claimed', 'held'],
      ['not-eligible', undefined],
    ]);
  });

  it.each([
    ['the claim is over by then', {}, ['locked', 'locked', 'not-eligible', 'not-eligible']],
    [
      'the lock before it stands again',
      { lockUntil: '2026-11-23T12:00:00.003Z' },
      ['locked', 'locked', 'locked', 'claimed'],
    ],
  ])('of a claim that an order call reserved changes when its lock ends: %s', (_, before, states) => {
    const one = voucher();
    const until = '2026-11-23T12:00:00.002Z';
    const useUntil = 'lockUntil' in before ? '2026-11-24T00:00:00Z' : '2026-11-23T12:00:00.001Z';
    const lock = { orderId: 'o', until, reserved: true, ...before };
    const has = { claims: 1, pushed: true, claim: claim('locked', { useUntil, lock }) };
    expect([0, 1, 2, 3].map((ms) => stateOf(one, has, NOW + ms))).toEqual(states);
    expect([0, 1, 2, 3].map((ms) => drawn(one, has, NOW + ms).data.modules[0]?.state)).toEqual(states);
  });

  it('of users without a claim is not shown to a user with a claim or a push', () => {
    const one = voucher({ quantities: { push: 1 } });
    one.counters.pushed = 1;
    const seen = [{}, { pushed: true }, { claims: 1, claim: claim('held') }, {}].map((has) => stateOf(one, has));
    expect(seen).toEqual(['not-eligible', 'claimable', 'claimed', 'not-eligible']);
  });

  it.each(['user.tier == "gold"', 'user.id == "v" || user.tier == "gold"'])(
    'is not used if its rule depends on the user: %s',
    (when) => {
      const one = voucher({ nodes: { claim: { when } } });
      expect(['tin', 'gold', 'tin'].map((tier) => stateOf(one, {}, NOW, { tier }))).toEqual([
        'not-eligible',
        'claimable',
        'not-eligible',
      ]);
    },
  );

  it('is not used if a rule depends on the time', () => {
    const one = voucher({ nodes: { claim: { when: 'now >= timestamp("2026-11-23T12:00:00.001Z")' } } });
    expect([NOW, NOW + 1].map((now) => stateOf(one, {}, now))).toEqual(['not-eligible', 'claimable']);
  });
});

describe('the terms of a module', () => {
  const benefit = { type: 'amount-off' as const, amount: 2_000, currency: 'CNY' as const };
  it.each([
    ['order.amount >= 10000', benefit, 10_000],
    ['user.tier == "gold" && order.amount >= 10000', benefit, 10_000],
    ['order.amount >= 10000 || user.tier == "gold"', benefit, undefined],
    ['order.amount > 10000', benefit, undefined],
    ['order.amount >= 10000', undefined, undefined],
    ['true', benefit, undefined],
  ])('with the use rule %s and the benefit %j tell the minimum %s', (when, has, minimum) => {
    const one = voucher({ benefit: has, nodes: { use: { when } } });
    expect(view(one, {}).data.modules[0]!.minimum).toBe(minimum);
  });

  it('name some of the goods, and are drawn again when these change', () => {
    const one = voucher();
    const drawn = (names: string[]): unknown => {
      const visitor = { userId: 'ann', attributes: {}, now: NOW };
      const goods = new Map([[ID, { count: 5, names }]]);
      const slots = slotsOf(PAGE, new Map([[ID, one]]), new Map(), visitor, goods);
      return (JSON.parse(wholly(drawPage(PAGE, slots, visitor)).text) as PageData).modules[0]!.goods;
    };
    expect(drawn(['Tea'])).toEqual({ count: 5, names: ['Tea'] });
    expect(drawn(['Cake'])).toEqual({ count: 5, names: ['Cake'] });
    expect(view(voucher(), {}).data.modules[0]).not.toHaveProperty('goods');
  });

  it('have the description, if there is one', () => {
    expect(view(voucher({ description: 'For you' }), {}).data.modules[0]!.description).toBe('For you');
    expect(view(voucher(), {}).data.modules[0]).not.toHaveProperty('description');
  });
});

describe('the pop-up', () => {
  const popup = (trigger: 'on-load' | 'on-claim' | 'none') =>
    voucher({ operations: { popup: { trigger, title: 'T', text: 'X' } } });
  it.each([
    ['on-load', {}, true],
    ['on-load', { claims: 1, claim: claim('held') }, true],
    ['on-claim', {}, true],
    ['on-claim', { claims: 1, claim: claim('held') }, false],
    ['none', {}, false],
  ] as const)('%s with %j', (trigger, has, shown) => {
    expect(view(popup(trigger), has).data.popup).toEqual(
      shown ? { voucherId: ID, trigger, title: 'T', text: 'X' } : null,
    );
  });
});

it('a page is drawn with a pause after each module that is not cached', () => {
  const asker = voucher({ nodes: { claim: { when: "user.tier == 'gold'" } } });
  const page = { ...PAGE, voucherIds: [ID, 'other'] };
  const vouchers = new Map([
    [ID, voucher()],
    ['other', asker],
  ]);
  const visitor = { userId: 'u', attributes: {}, now: NOW };
  const slots = () => slotsOf(page, vouchers, new Map(), visitor);
  const draw = () => wholly(drawPage(page, slots(), visitor));
  expect(draw().pauses).toBe(2);
  expect(draw().pauses).toBe(1);
  expect(undrawn(slots()).map(({ voucher }) => voucher)).toEqual([asker]);
});

it('a module that is not cached gets the standing that was judged for its voucher', () => {
  const other = '01a20000-0000-7000-8000-000000000002';
  const vouchers = new Map([ID, other].map((voucherId) => [voucherId, { ...voucher(), voucherId }]));
  const page = { ...PAGE, voucherIds: [ID, other] };
  const visitor = { userId: 'u', attributes: {}, now: NOW };
  const standings = new Map([
    [other, { state: 'claimable' as const }],
    [ID, undefined],
  ]);
  const { text } = wholly(drawPage(page, slotsOf(page, vouchers, new Map(), visitor), visitor, { standings }));
  expect(JSON.parse(text).modules).toMatchObject([{ voucherId: other, state: 'claimable' }]);
});
