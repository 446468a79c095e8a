import type { Claim } from '@vouchers/contracts';
import { describe, expect, it } from '@jest/globals';
import { NONE, type Attempt } from '../claiming/attempt.ts';
import { offerEndOf, startOf, viewOf, type WidgetModule } from './module.view.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const valid = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const claim = { useFrom: '2026-11-02T00:00:00Z', useUntil: '2026-12-01T00:00:00Z' } as Claim;

const module = (about: Partial<WidgetModule> = {}): WidgetModule => ({
  voucherId: 'v',
  version: 1,
  name: '满100减20',
  resourceType: 'coupon',
  state: 'claimable',
  windows: { timeZone: 'UTC', valid, claim: valid, use: valid },
  operations: {},
  ...about,
});
const view = (
  about: Partial<WidgetModule> = {},
  attempt: Attempt = NONE,
  online = true,
  language: 'zh-CN' | 'en' = 'en',
) => viewOf(module(about), attempt, { language, now: NOW, online });
const since = { request: 'claim', since: NOW, tries: 0 } as const;
const CLAIMED: Attempt = { status: 'granted', request: 'claim', claim };

describe('a claimed voucher for which the order is too small', () => {
  const quote = {
    inapplicable: [
      { voucherId: 'other', shortfall: { amount: 900, currency: 'CNY' } },
      { voucherId: 'v', shortfall: { amount: 1_200, currency: 'CNY' } },
    ],
  };
  const message = (language: 'zh-CN' | 'en', about: Partial<WidgetModule> = {}, given = quote) =>
    viewOf(module({ state: 'claimed', ...about }), NONE, { language, now: NOW, online: true, quote: given }).message;

  it('says how much is missing', () => {
    expect([message('en'), message('zh-CN')]).toEqual(['¥12 more to use it', '再满 ¥12 可用']);
  });

  it('says nothing where nothing is known to be missing, or it is not claimed', () => {
    const [other] = quote.inapplicable;
    expect(message('en', {}, { inapplicable: [other!] })).toBe('');
    expect(view({ state: 'claimed' }).message).toBe('');
    expect(message('en', { state: 'claimable' })).toBe('');
  });
});

describe('the button', () => {
  it.each<[WidgetModule['state'], string, string, string]>([
    ['claimable', 'Claim', '立即领取', 'claim'],
    ['claimed', 'Claimed', '已领取', 'none'],
    ['locked', 'In an order', '订单使用中', 'none'],
    ['redeemed', 'Used', '已使用', 'none'],
    ['not-started', 'Not started', '未开始', 'none'],
    ['ended', 'Ended', '已结束', 'none'],
    ['sold-out', 'All claimed', '已领完', 'none'],
    ['offered', 'Claim', '立即领取', 'claim'],
    ['waiting', 'Leave the list', '退出排队', 'leave'],
    ['not-eligible', 'Not eligible', '不符合条件', 'none'],
    ['pending', 'Claiming…', '领取中…', 'none'],
    ['offline', 'Offline', '网络已断开', 'none'],
    ['error', 'Retry', '重试', 'claim'],
    ['signed-out', 'Sign in', '登录', 'sign-in'],
    ['paused', 'Paused', '已暂停', 'none'],
  ])('of %s', (state, english, chinese, action) => {
    expect([view({ state }).label, view({ state }, NONE, true, 'zh-CN').label]).toEqual([english, chinese]);
    expect(view({ state }).action).toBe(action);
  });

  it('of a unit that is set aside says until when, and is claimed by a press', () => {
    const entry = { offer: { at: '2026-11-23T00:00:00Z', until: '2026-11-24T09:00:00Z' } } as WidgetModule['entry'];
    expect(view({ state: 'offered', entry }).message).toMatch(/^Reserved for you until .*9:00/);
    expect(view({ state: 'offered', entry }, NONE, true, 'zh-CN').message).toMatch(/^为你保留至 .*9:00$/);
    expect(view({ state: 'offered', entry }, CLAIMED).state).toBe('claimed');
  });

  it.each<[Attempt, boolean, string]>([
    [{ status: 'sending', ...since }, true, 'pending'],
    [{ status: 'waiting', ...since, location: '' }, true, 'pending'],
    [{ status: 'waiting', ...since, location: '' }, false, 'offline'],
    [{ status: 'retrying', ...since, forMs: 1 }, true, 'pending'],
    [{ status: 'offline', ...since }, true, 'offline'],
    [{ status: 'signed-out', ...since }, true, 'signed-out'],
    [{ status: 'failed', ...since }, true, 'error'],
    [{ status: 'faulty', request: 'claim' }, true, 'error'],
    [CLAIMED, true, 'claimed'],
    [{ status: 'refused', request: 'claim', reason: 'paused' }, true, 'claimable'],
  ])('while the attempt is %j, online %s', (attempt, online, state) => {
    expect(view({}, attempt, online).state).toBe(state);
  });

  it('has the label that staff chose', () => {
    expect(view({ operations: { claimLabel: 'Get it' } }).label).toBe('Get it');
  });

  it.each([
    ['https://shop.example/a', 'https://shop.example/a', 'Use now'],
    ['http://shop.example/a', undefined, 'Claimed'],
    ['javascript:alert(1)', undefined, 'Claimed'],
    [' javascript:alert(1)//https://', undefined, 'Claimed'],
    ['//shop.example', undefined, 'Claimed'],
    ['', undefined, 'Claimed'],
  ])('of a claimed voucher is a link to %j only if it is https', (url, href, label) => {
    const shown = view({ state: 'claimed', claim, operations: { afterClaim: { type: 'link', url } } });
    expect([shown.href, shown.label]).toEqual([href, label]);
  });
});

describe('the message', () => {
  const refused: Attempt = { status: 'refused', request: 'claim', reason: 'claim-rule' };
  it.each<[string, Partial<WidgetModule>, Attempt, string, string]>([
    ['a refusal', {}, refused, 'You can’t claim this one', 'bad'],
    [
      'a reason that a later platform added',
      {},
      { status: 'refused', request: 'claim', reason: 'new' as never },
      'No success, try again',
      'bad',
    ],
    ['success', {}, CLAIMED, 'It’s yours', 'good'],
    [
      'success, in words of staff',
      { operations: { afterClaim: { type: 'message', text: 'Enjoy' } } },
      CLAIMED,
      'Enjoy',
      'good',
    ],
    ['the first minute', {}, { status: 'waiting', ...since, location: '' }, 'Claiming…', ''],
    ['a minute later', {}, { ...since, status: 'waiting', since: NOW - 60_000, location: '' }, 'Still working', ''],
    [
      'outside hours',
      { state: 'not-started', reason: 'outside-claim-window' },
      NONE,
      'It can’t be claimed at this time',
      '',
    ],
    [
      'a limit that the user has reached',
      { state: 'not-eligible', reason: 'per-user-limit' },
      NONE,
      'You have claimed all you can',
      '',
    ],
    ['a claim rule, which is not revealed', { state: 'not-eligible', reason: 'claim-rule' }, NONE, '', ''],
  ])('of %s', (_what, about, attempt, message, tone) => {
    const shown = view(about, attempt);
    expect([shown.message, shown.tone]).toEqual([message, tone]);
  });
});

describe('the terms', () => {
  const from = (start: string): Partial<WidgetModule> => ({
    state: 'not-started',
    windows: { ...module().windows, claim: { from: start, to: valid.to } },
  });
  it.each<[string, Partial<WidgetModule>, string]>([
    ['the end of the claim window', {}, 'Claim until 30 Nov'],
    ['the end of the use window', { state: 'claimed', claim }, 'Use until 30 Nov'],
    [
      'the start of the use window too, if it is in the future',
      { state: 'claimed', claim: { ...claim, useFrom: '2026-11-25T08:00:00Z' } },
      'Use from 25 Nov, 08:00 · Use until 30 Nov',
    ],
    ['the date of a distant start', from('2026-11-26T10:00:00Z'), 'Starts 26 Nov, 10:00'],
    ['a countdown to a near start', from('2026-11-23T14:03:45Z'), 'Starts in 2:03:45'],
    ['nothing after the end', { state: 'ended' }, ''],
    [
      'the least amount of an order',
      { minimum: 10_000, benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' } },
      'Orders from ¥100 · Claim until 30 Nov',
    ],
    [
      'all goods, if they are few',
      { goods: { count: 2, names: ['Tea', 'Cake'] } },
      'For Tea, Cake · Claim until 30 Nov',
    ],
    [
      'some of many goods',
      { goods: { count: 12, names: ['Tea', 'Cake'] } },
      'For Tea, Cake and 10 more · Claim until 30 Nov',
    ],
  ])('tell %s', (_what, about, terms) => expect(view(about).terms).toBe(terms));

  it.each([
    ['2026-11-23T12:00:00.001Z', Date.parse('2026-11-23T12:00:00.001Z')],
    ['2026-11-23T12:00:00.000Z', undefined],
  ])('count down to %s', (start, expected) => expect(startOf(module(from(start)), NOW)).toBe(expected));

  it('do not count down if something else than time prevents claims', () => {
    expect(startOf(module({ ...from('2026-11-26T10:00:00Z'), reason: 'not-enabled' }), NOW)).toBeUndefined();
  });
});

describe('the waiting list', () => {
  const entry = (state: 'waiting' | 'offered', more: object = {}) => ({ state, ...more }) as WidgetModule['entry'];
  const until = { offer: { at: '2026-11-23T00:00:00Z', until: '2026-11-23T14:03:45Z' } };
  const open = { waitingList: { open: true } };
  const request = (of: 'join' | 'leave' | 'extend', shown?: true): Attempt => ({
    status: 'granted',
    request: of,
    shown,
  });
  const both = (about: Partial<WidgetModule>, attempt?: Attempt) => {
    const { label, action, second, message } = view(about, attempt);
    return [`${label}: ${action}`, second && `${second.label}: ${second.action}`, message];
  };

  it.each<[string, Partial<WidgetModule>, Attempt, string, string | undefined, string]>([
    ['sold out', { state: 'sold-out', ...open }, NONE, 'Join the waiting list: join', undefined, ''],
    ['its list is full', { state: 'sold-out', waitingList: { open: false } }, NONE, 'All claimed: none', undefined, ''],
    [
      'one whose offer lapsed',
      { state: 'sold-out', lapsed: '2026-11-23T09:30:00Z', ...open },
      NONE,
      'Join the waiting list: join',
      undefined,
      'Reserved for you until 23 Nov, 09:30, you no longer wait',
    ],
    [
      'one who joins again after that',
      { state: 'sold-out', lapsed: '2026-11-23T09:30:00Z', ...open },
      { status: 'refused', request: 'join', reason: 'waiting-list-full' },
      'Join the waiting list: join',
      undefined,
      'Too many are waiting, come back later',
    ],
    [
      'one who waits',
      { state: 'waiting', entry: entry('waiting', { ahead: 12 }) },
      NONE,
      'Leave the list: leave',
      undefined,
      'Waiting, 12 ahead',
    ],
    [
      'who is next, while it is paused',
      { state: 'waiting', reason: 'paused', entry: entry('waiting', { ahead: 0 }) },
      NONE,
      'Leave the list: leave',
      undefined,
      'Waiting, you are next · Paused, come back later',
    ],
    [
      'one who waits outside the hours',
      { state: 'not-started', reason: 'outside-claim-window', entry: entry('waiting') },
      NONE,
      'Not started: none',
      'Leave the list: leave',
      'It can’t be claimed at this time',
    ],
    [
      'an offer',
      { state: 'offered', entry: entry('offered', until) },
      NONE,
      'Claim: claim',
      'No, thanks: leave',
      'Reserved for you until 23 Nov, 14:03',
    ],
    [
      'a claim that may be extended',
      { state: 'claimed', claim, extension: { open: true } },
      NONE,
      'Claimed: none',
      'Extend: extend',
      '',
    ],
    [
      'a claim that was extended',
      { state: 'claimed', claim, extension: { open: false } },
      request('extend', true),
      'Claimed: none',
      undefined,
      'Extended',
    ],
    ['while one joins', { state: 'sold-out', ...open }, request('join'), 'One moment…: none', undefined, 'One moment…'],
    [
      'one who left',
      { state: 'sold-out', ...open },
      request('leave', true),
      'Join the waiting list: join',
      undefined,
      'You left the list',
    ],
    [
      'a joining that failed',
      { state: 'sold-out', ...open },
      { ...since, request: 'join', status: 'failed' },
      'Retry: join',
      undefined,
      'No connection, try again',
    ],
  ])('%s', (_what, about, attempt, first, second, message) => {
    expect(both(about, attempt)).toEqual([first, second, message]);
  });

  it('says in Chinese that an offer lapsed', () => {
    const shown = view({ state: 'claimable', lapsed: '2026-11-23T09:30:00Z' }, NONE, true, 'zh-CN');
    expect(shown.message).toBe('为你保留至 11月23日 09:30，已到期，你不再排队');
  });

  it('counts down the last day of an offer', () => {
    expect(view({ state: 'offered', entry: entry('offered', until) }).terms).toBe('2:03:45 left');
    expect(offerEndOf(module({ entry: entry('offered', until) }), Date.parse(until.offer.until))).toBeUndefined();
  });
});
