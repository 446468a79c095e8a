import { describe, expect, it } from '@jest/globals';
import type { Claim, EventEntry, Intent, ModuleState, VoucherSpecInput } from '@vouchers/contracts';
import { completeSpec, newVoucher, voucherAt, type VoucherState } from '@vouchers/voucher';
import type { UserVoucher } from '../read-model/holdings.ts';
import { standingOf } from './page-data.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const ID = '01a20000-0000-7000-8000-000000000001';
const windows = { timeZone: 'UTC', valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } };
const SATURDAYS = { hours: [{ days: ['SA' as const], from: '10:00', to: '11:00' }] };

/** One unit, which is offered or held. */
function voucher(spec: Partial<VoucherSpecInput> = {}, intent: Intent = 'published', offered = 0): VoucherState {
  const list = { quantities: { claim: 1 }, waitingList: {} };
  const complete = completeSpec({ name: 'V', resourceType: 'coupon', windows, ...list, ...spec });
  const about = { voucherId: ID, version: 1, team: 't', by: 'b', at: '2026-11-01T00:00:00Z' };
  const made = voucherAt(newVoucher({ ...about, intent, spec: complete }), NOW);
  return { ...made, counters: { ...made.counters, offered, held: 1 - offered, claimed: 1 - offered } };
}

const entry = (state: 'waiting' | 'offered', until = '2026-11-24T00:00:00Z'): EventEntry => ({
  id: ID,
  voucherId: ID,
  voucherVersion: 1,
  userId: 'u',
  state,
  rank: 2,
  number: 1,
  joinedAt: '2026-11-20T00:00:00Z',
  ...(state === 'offered' && { offer: { at: '2026-11-23T00:00:00Z', until } }),
});
const offered = { entry: entry('offered') };
const waiting = { entry: entry('waiting') };
const shown = (state: VoucherState, has: Partial<UserVoucher> = {}, now = NOW) =>
  standingOf(state, { claims: 0, pushed: false, ...has }, { userId: 'u', attributes: {}, now }, 'p');

function full(): VoucherState {
  const state = voucher({ waitingList: { limit: 1 } });
  return { ...state, counters: { ...state.counters, waiting: 1 } };
}
function hours(units = 0): VoucherState {
  return voucher({ windows: { ...windows, claim: SATURDAYS } }, 'published', units);
}
const several = (): VoucherState => voucher({ nodes: { claim: { perUser: 2 } } }, 'published', 1);
const ruled = (): VoucherState => voucher({ nodes: { claim: { when: 'false' } } }, 'published', 1);
function lapsed(): Partial<UserVoucher> {
  return { entry: entry('offered', '2026-11-23T12:00:00Z') };
}

describe('a module of a voucher with a waiting list', () => {
  it.each<[string, VoucherState, Partial<UserVoucher>, ModuleState | undefined, string | undefined, boolean]>([
    ['sold out: it can be joined', voucher(), {}, 'sold-out', 'sold-out', true],
    ['sold out, and the list is full', full(), {}, 'sold-out', 'sold-out', false],
    ['one who waits', voucher(), waiting, 'waiting', 'sold-out', false],
    ['one who waits outside the hours', hours(), waiting, 'not-started', 'outside-claim-window', false],
    ['one who is offered a unit', voucher({}, 'published', 1), offered, 'offered', undefined, false],
    ['an offer counts outside the hours, too', hours(1), offered, 'offered', undefined, false],
    ['an offer comes before an own claim', several(), { ...offered, claims: 1 }, 'offered', undefined, false],
    ['an offer that may not be claimed', ruled(), offered, 'not-eligible', 'claim-rule', false],
    ['a lapsed offer', voucher({}, 'published', 1), lapsed(), 'sold-out', 'sold-out', true],
    ['paused, for one who waits', voucher({}, 'paused'), waiting, 'waiting', 'paused', false],
    ['paused, for others', voucher({}, 'paused'), {}, undefined, undefined, false],
    ['terminated, for one who waited', voucher({}, 'terminated'), waiting, undefined, undefined, false],
  ])('%s', (_, state, has, module, reason, open) => {
    const found = shown(state, has);
    expect([found?.state, found?.reason, found?.waitingList?.open ?? false]).toEqual([module, reason, open]);
  });

  const over = { state: 'lapsed', endedAt: '2026-11-23T11:00:00Z' } as const;
  const recorded = { entry: { ...entry('waiting'), ...over } };
  const held = { id: ID, state: 'held', heldAt: '2026-11-23T11:30:00Z', useFrom: '2026-11-23T11:30:00Z' } as Claim;
  it.each<[string, VoucherState, Partial<UserVoucher>, string | undefined]>([
    ['before it is recorded', voucher({}, 'published', 1), lapsed(), '2026-11-23T12:00:00Z'],
    ['when it is recorded', voucher(), recorded, '2026-11-23T11:00:00Z'],
    ['but not one that stands', voucher({}, 'published', 1), offered, undefined],
    ['nor to one who waits', voucher(), waiting, undefined],
    [
      'nor beside a claim',
      several(),
      { ...recorded, claims: 1, claim: { ...held, useUntil: '2026-12-01T00:00:00Z' } },
      undefined,
    ],
  ])('tells that an offer lapsed, %s', (_, state, has, until) => {
    expect(shown(state, has)!.lapsed).toBe(until);
    expect(shown(state, has)!.entry?.state).not.toBe('lapsed');
  });

  it('shows the entry without its rank, and as closed when the claim range is over', () => {
    const { rank: _, number: __, ...seen } = waiting.entry;
    expect(shown(voucher(), waiting)!.entry).toEqual(seen);
    const claim = { from: '2026-11-01T00:00:00Z', to: '2026-11-10T00:00:00Z' };
    expect(shown(voucher({ windows: { ...windows, claim } }), waiting)!.entry!.state).toBe('closed');
  });

  describe('with an extension', () => {
    const EXTENSION = {
      extension: { length: 'P7D', times: 1 },
      windows: { ...windows, use: { afterClaim: { delay: 'PT0S', length: 'P2D' } } },
    };
    const extensible = (waiting = 0): VoucherState => {
      const state = voucher(EXTENSION);
      return { ...state, counters: { ...state.counters, waiting } };
    };
    const held = (extensions?: number, state: Claim['state'] = 'held'): Partial<UserVoucher> => ({
      claims: 1,
      claim: {
        id: ID,
        voucherId: ID,
        voucherVersion: 1,
        userId: 'u',
        state,
        uses: 0,
        heldAt: '2026-11-22T00:00:00Z',
        useFrom: '2026-11-22T00:00:00Z',
        useUntil: '2026-11-24T00:00:00Z',
        extensions,
      },
    });
    it.each<[string, VoucherState, Partial<UserVoucher>, boolean | undefined]>([
      ['a held claim may be extended', extensible(), held(), true],
      ['one that was extended may not', extensible(), held(1), false],
      ['nor while somebody else waits', extensible(1), held(), false],
      ['but while its user alone waits', extensible(1), { ...held(), ...waiting }, true],
      ['a redeemed one has none', extensible(), held(0, 'redeemed'), undefined],
      ['nor has one of a voucher without extension', voucher(), held(), undefined],
    ])('%s', (_, state, has, open) => expect(shown(state, has)!.extension?.open).toBe(open));
  });

  it('of a voucher without a list has none of this', () => {
    expect(shown(voucher({ waitingList: null }))).toEqual({
      state: 'sold-out',
      reason: 'sold-out',
      claim: undefined,
    });
  });
});
