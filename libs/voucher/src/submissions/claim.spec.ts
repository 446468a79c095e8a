import { describe, expect, it } from '@jest/globals';
import type { ClaimSubmission, VoucherSpecInput } from '@vouchers/contracts';
import { freeUnits } from '../counters.ts';
import { FROM, NOVEMBER, Story, TO } from '../../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const valid = { from: FROM, to: TO };
const windows = (more: Partial<VoucherSpecInput['windows']>): VoucherSpecInput['windows'] => ({
  ...NOVEMBER.windows,
  ...more,
});
const claimWindow = windows({ claim: { from: '2026-11-05T00:00:00Z', to: '2026-11-20T00:00:00Z' } });
const gold = { nodes: { claim: { when: "user.tier == 'gold'" } } };

describe('a claim is granted, or refused by the first rule that does not hold', () => {
  it.each<[string, Partial<VoucherSpecInput>, string, string, Partial<ClaimSubmission>?]>([
    ['1 ms before the valid window', {}, '2026-10-31T23:59:59.999Z', 'outside-valid-window'],
    ['as the valid window begins', {}, FROM, 'granted'],
    ['1 ms before the valid window ends', {}, '2026-11-30T23:59:59.999Z', 'granted'],
    ['as the valid window ends', {}, TO, 'outside-valid-window'],
    ['1 ms before the claim window', { windows: claimWindow }, '2026-11-04T23:59:59.999Z', 'outside-claim-window'],
    ['as the claim window begins', { windows: claimWindow }, '2026-11-05T00:00:00.000Z', 'granted'],
    ['1 ms before the claim window ends', { windows: claimWindow }, '2026-11-19T23:59:59.999Z', 'granted'],
    ['as the claim window ends', { windows: claimWindow }, '2026-11-20T00:00:00.000Z', 'outside-claim-window'],
    ['with what the rule asks', gold, NOON, 'granted', { attributes: { tier: 'gold' } }],
    ['without what the rule asks', gold, NOON, 'claim-rule', { attributes: { tier: 'tin' } }],
    ['with nothing known of the user', gold, NOON, 'claim-rule'],
    [
      'from the page that the rule asks for',
      { nodes: { claim: { when: "page.slug == 'home'" } } },
      NOON,
      'granted',
      { pageSlug: 'home' },
    ],
    ['from no page', { nodes: { claim: { when: "page.slug == ''" } } }, NOON, 'granted'],
    [
      'by the user whom the rule names',
      { nodes: { claim: { when: "user.id == 'alice'" } } },
      NOON,
      'granted',
      { attributes: { id: 'eve' } },
    ],
  ])('%s', (_, spec, at, verdict, fields = {}) => {
    const story = new Story();
    story.define(spec, 'published', '2026-10-01T00:00:00.000Z');
    expect(story.ask('claim', at, fields)).toBe(verdict);
  });
});

describe('how many claims a user may have', () => {
  it.each([
    ['one by default', undefined, ['granted', 'per-user-limit']],
    ['two', 2, ['granted', 'granted', 'per-user-limit']],
    ['no limit', null, ['granted', 'granted', 'granted']],
  ])('%s', (_, perUser, verdicts) => {
    const story = new Story();
    story.define(perUser === undefined ? {} : { nodes: { claim: { perUser } } });
    expect(verdicts.map((__, number) => story.ask('claim', NOON, { claimId: `claim-${number}` }))).toEqual(verdicts);
    expect(story.ask('claim', NOON, { claimId: 'other', userId: 'bob' })).toBe('granted');
  });

  it.each(['release', 'revoke'] as const)('after a %s', (kind) => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON);
    story.submit(kind, NOON);
    expect(story.ask('claim', NOON, { claimId: 'next' })).toBe(kind === 'release' ? 'granted' : 'per-user-limit');
  });
});

describe('the claim quantity', () => {
  it('is never exceeded', () => {
    const story = new Story();
    story.define({ quantities: { claim: 2 } });
    const verdicts = ['a', 'b', 'c'].map((user) => story.ask('claim', NOON, { claimId: user, userId: user }));
    expect(verdicts).toEqual(['granted', 'granted', 'sold-out']);
    expect(story.verdict.checks!.at(-1)).toEqual({ check: 'sold-out', passed: false, detail: '0 of 2 units are free' });
  });

  it('takes no unit from anyone when it is lowered', () => {
    const story = new Story();
    story.define({ quantities: { claim: 3 } });
    for (const user of ['a', 'b', 'c']) story.submit('claim', NOON, { claimId: user, userId: user });
    story.define({ quantities: { claim: 1 } }, 'published', NOON);
    expect(freeUnits(story.voucher!)).toBe(0);
    story.submit('release', NOON, { claimId: 'a', userId: 'a' });
    expect(freeUnits(story.voucher!)).toBe(0);
    for (const user of ['b', 'c']) story.submit('release', NOON, { claimId: user, userId: user });
    expect(freeUnits(story.voucher!)).toBe(1);
  });
});

describe('when a claim can be used is fixed when it is granted:', () => {
  const berlin = (delay: string, length: string) => ({
    windows: {
      timeZone: 'Europe/Berlin',
      valid: { from: '2026-10-01T00:00:00Z', to: TO },
      use: { afterClaim: { delay, length } },
    },
  });
  it.each<[string, Partial<VoucherSpecInput>, string, string, string]>([
    ['the valid range', {}, NOON, FROM, TO],
    [
      'a range',
      { windows: windows({ use: { from: '2026-11-12T00:00:00Z', to: '2026-11-13T00:00:00Z' } }) },
      NOON,
      '2026-11-12T00:00:00.000Z',
      '2026-11-13T00:00:00.000Z',
    ],
    [
      'at once, for 24 hours',
      berlin('PT0S', 'PT24H'),
      '2026-10-24T10:00:00.000Z',
      '2026-10-24T10:00:00.000Z',
      '2026-10-25T10:00:00.000Z',
    ],
    [
      'at once, for a day of 25 hours',
      berlin('PT0S', 'P1D'),
      '2026-10-24T10:00:00.000Z',
      '2026-10-24T10:00:00.000Z',
      '2026-10-25T11:00:00.000Z',
    ],
    ['after an hour', berlin('PT1H', 'P1D'), NOON, '2026-11-10T13:00:00.000Z', '2026-11-11T13:00:00.000Z'],
    ['cut off by the valid window', berlin('PT0S', 'P30D'), NOON, NOON, TO],
  ])('%s', (_, spec, at, useFrom, useUntil) => {
    const story = new Story();
    story.define(spec, 'published', at);
    story.submit('claim', at);
    expect(story.claim).toMatchObject({
      useFrom: Date.parse(useFrom),
      useUntil: Date.parse(useUntil),
      heldAt: Date.parse(at),
    });
    story.define({ windows: { timeZone: 'UTC', valid } }, 'published', at);
    story.submit('lock', at);
    expect(story.claim).toMatchObject({ useFrom: Date.parse(useFrom), useUntil: Date.parse(useUntil) });
  });
});

describe('the checks of a claim', () => {
  it('are all passed and in order when it is granted', () => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON);
    expect(story.verdict.checks!.map(({ check, passed }) => [check, passed])).toEqual(
      [
        'not-published',
        'terminated',
        'paused',
        'outside-valid-window',
        'not-enabled',
        'outside-claim-window',
        'claim-rule',
        'per-user-limit',
        'sold-out',
      ].map((check) => [check, true]),
    );
  });

  it.each<[string, Partial<VoucherSpecInput>, string, string]>([
    [
      'when the window opens',
      { windows: claimWindow },
      '2026-11-04T00:00:00.000Z',
      'opens at 2026-11-05T00:00:00.000Z',
    ],
    [
      'when the window closed',
      { windows: claimWindow },
      '2026-11-21T00:00:00.000Z',
      'closed since 2026-11-20T00:00:00.000Z',
    ],
    [
      'when the hours open',
      { windows: windows({ claim: { hours: [{ days: ['TU'], from: '09:00', to: '10:00' }] } }) },
      NOON,
      'opens at 2026-11-17T09:00:00.000Z',
    ],
    ['what is missing, never its value', gold, NOON, 'the condition cannot be evaluated: missing: user.tier'],
    [
      'the missing number',
      { nodes: { claim: { when: 'counters.claimed >= 3' } } },
      NOON,
      'counters.claimed would have to be 3 more (>= 3)',
    ],
  ])('tells %s', (_, spec, at, detail) => {
    const story = new Story();
    story.define(spec);
    story.submit('claim', at);
    expect(story.verdict.checks!.at(-1)).toMatchObject({ passed: false, detail });
  });
});

it('a claim keeps the attributes that its claim or use condition names, and no others', () => {
  const story = new Story();
  story.define({ nodes: { claim: { when: "user.tier == 'gold'" }, use: { when: 'user.age >= 18' } } });
  story.submit('claim', NOON, { attributes: { tier: 'gold', age: 20, name: 'Alice' } });
  expect(story.claim.facts).toEqual({ 'user.tier': 'gold', 'user.age': 20 });
  expect(story.verdict.facts).toEqual({ 'user.tier': 'gold', 'user.age': 20 });
});

it('a claim keeps no fact of an attribute that its user does not have', () => {
  const story = new Story();
  story.define({ nodes: { claim: { when: "!has(user.constructor) || user.tier == 'gold'" } } });
  story.submit('claim', NOON, { attributes: {} });
  expect(Object.keys(story.claim.facts)).toEqual([]);
});
