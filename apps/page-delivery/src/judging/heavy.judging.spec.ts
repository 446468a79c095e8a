import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Claim, Facts, Order } from '@vouchers/contracts';
import { badRequest, callerGone, unavailable } from '@vouchers/service';
import { completeSpec, newVoucher, type VoucherState } from '@vouchers/voucher';
import { EventEmitter } from 'node:events';
import type { Slot } from '../pages/drawn-page.ts';
import { HeavyJudging } from './heavy.judging.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const windows = { timeZone: 'UTC', valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } };
const HEAVY = '!user.a.exists(x, user.b.exists(y, x == y))';
const HEAVY_USE = 'user.a.exists(x, order.items.exists(i, i.sku == x))';
const LISTS = Object.fromEntries(
  ['a', 'b'].map((name) => [name, Array.from({ length: 100 }, (_, index) => `${name}-${index}`)]),
);
const MANY: Order = {
  id: 'o',
  amount: 1,
  currency: 'EUR',
  items: Array.from({ length: 500 }, (_, index) => ({ sku: `SKU-${index}`, quantity: 1, amount: 1 })),
};

let lastVoucher = 0;
function voucher(claim: string, use = 'true'): VoucherState {
  const nodes = { claim: { when: claim }, use: { when: use } };
  const spec = completeSpec({ name: 'V', resourceType: 'coupon', windows, nodes });
  const voucherId = `v-${(lastVoucher += 1)}`;
  return newVoucher({ voucherId, version: 1, intent: 'published', team: 't', by: 'b', at: windows.valid.from, spec });
}

/** A thread that records its jobs, and answers with `answer`. */
let jobs: unknown[];
let answer: () => unknown;
let socket: EventEmitter & { destroyed: boolean };
const thread = { judge: async (...job: unknown[]) => (jobs.push(job), answer()) };
const heavy = new HeavyJudging(thread as never, { warn: () => undefined });
beforeEach(() => {
  jobs = [];
  answer = () => 'judged';
  socket = Object.assign(new EventEmitter(), { destroyed: false });
});
const request = () => ({ raw: { socket } }) as never;

function standings(rules: string[], attributes: Facts = LISTS) {
  const slots = rules.map((rule) => ({
    voucher: voucher(rule),
    has: { claims: 0, pushed: false },
    drawn: undefined,
  }));
  return heavy.standings(slots satisfies Slot[], { userId: 'u', attributes, now: NOW }, 'p', request());
}
function qualified(use: string, order: Order, attributes: Facts = LISTS) {
  const state = voucher('true', use);
  const times = { heldAt: windows.valid.from, useFrom: windows.valid.from, useUntil: windows.valid.to };
  const about = { id: 'c', voucherId: state.voucherId, voucherVersion: 1, userId: 'u', uses: 0, ...times };
  const vouchers = new Map([[state.voucherId, state]]);
  const visitor = { userId: 'u', attributes, now: NOW };
  const claims: Claim[] = [{ ...about, state: 'held' }];
  const input = {
    vouchers,
    visitor,
    claims,
    order,
    attributesKnown: true,
    goods: new Map(),
    reach: new Map(),
    lines: [],
  };
  return heavy.qualified(input, request());
}

describe('judgements that may take longer than a slice', () => {
  it('run in the thread', async () => {
    expect(await standings([HEAVY])).toBe('judged');
    expect(await qualified(HEAVY_USE, MANY)).toBe('judged');
    expect(jobs.map((job) => (job as unknown[])[0])).toEqual(['standings', 'qualified']);
  });

  it.each(['too many jobs wait', 'the thread has ended'])('run in the event loop if %s', async (why) => {
    answer = () => {
      throw unavailable(why);
    };
    expect(await standings([HEAVY])).toBeUndefined();
    expect(await qualified(HEAVY_USE, MANY)).toBeUndefined();
    answer = () => {
      throw badRequest('a defect');
    };
    expect(await standings([HEAVY])).toBeUndefined();
    expect(jobs).toHaveLength(3);
  });

  it('end when their caller is gone', async () => {
    answer = () => {
      socket.emit('close');
      throw callerGone();
    };
    await expect(standings([HEAVY])).rejects.toMatchObject({ status: 499 });
    expect(socket.listenerCount('close')).toBe(0);
  });
});

describe('the event loop judges, without a promise', () => {
  it.each<[string, () => unknown]>([
    ['many ordinary rules', () => standings(Array(30).fill("user.tier == 'gold' || 'x' in user.a"))],
    ['no vouchers', () => standings([])],
    ['a visitor with few attributes', () => standings([HEAVY], { a: ['x'], b: ['x', 'y'] })],
    ['a small order', () => qualified(HEAVY_USE, { ...MANY, items: MANY.items!.slice(0, 5) })],
  ])('%s', (_what, judged) => {
    expect(judged()).toBeUndefined();
    expect(jobs).toEqual([]);
  });
});
