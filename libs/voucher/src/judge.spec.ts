import { describe, expect, it } from '@jest/globals';
import type { Benefit, VoucherSpecInput } from '@vouchers/contracts';
import {
  claimAt,
  judgeClaim,
  judgeNode,
  judgePricedUse,
  judgeRedemption,
  newVoucher,
  phaseOf,
  turningAmounts,
  useTimes,
} from './judge.ts';
import { definitionOf, FROM, NOVEMBER, Story, TO } from '../testing/story.ts';

const NOON = Date.parse('2026-11-10T12:00:00.000Z');
const alice = { id: 'alice', attributes: { tier: 'gold' }, claims: 0 };
const unsaved = (spec: Partial<VoucherSpecInput>) => newVoucher(definitionOf(spec));

describe('a predicted claim', () => {
  it.each<[string, Partial<VoucherSpecInput>, number, number, string]>([
    ['the enable node is judged', {}, NOON, 0, 'granted'],
    ['and does not turn', { nodes: { enable: { when: 'false' } } }, NOON, 0, 'not-enabled'],
    ['the terminate node is judged', { nodes: { terminate: { when: 'true' } } }, NOON, 0, 'terminated'],
    ['the window is closed', {}, Date.parse(TO), 0, 'outside-valid-window'],
    ['the limit is reached', {}, NOON, 1, 'per-user-limit'],
  ])('%s', (_, spec, at, claims, verdict) => {
    const judgement = judgeClaim(unsaved(spec), { ...alice, claims }, at);
    expect(judgement.reason ?? judgement.verdict).toBe(verdict);
  });

  it('has the same checks as the ledger’s decision', () => {
    const story = new Story();
    story.define({ quantities: { claim: 1 } });
    for (const userId of ['alice', 'bob']) {
      const { checks } = judgeClaim(story.voucher!, { id: userId, attributes: {}, claims: 0 }, NOON);
      story.submit('claim', new Date(NOON).toISOString(), { userId, claimId: userId });
      expect(checks).toEqual(story.verdict.checks);
    }
  });
});

describe('a predicted redemption', () => {
  it('finds the claim in its state at that time', () => {
    const story = new Story();
    const windows = { ...NOVEMBER.windows, use: { afterClaim: { delay: 'PT0S', length: 'PT1H' } } };
    story.define({ windows });
    story.submit('claim', new Date(NOON).toISOString());
    story.submit('lock', new Date(NOON).toISOString(), { orderId: 'other' });
    const use = { order: { id: 'order', amount: 1, currency: 'EUR' } };
    const verdicts = [0, 60_000, 3_600_000].map((later) =>
      judgeRedemption(story.voucher!, story.claim, use, NOON + later),
    );
    expect(verdicts.map(({ reason, verdict }) => reason ?? verdict)).toEqual([
      'locked-by-other-order',
      'granted',
      'claim-expired',
    ]);
    expect([0, 60_000, 3_600_000].map((later) => claimAt(story.claim, NOON + later).state)).toEqual([
      'locked',
      'held',
      'expired',
    ]);
  });
});

describe('a predicted use with its price', () => {
  const use = { order: { id: 'order', amount: 1, currency: 'EUR' } };
  const off = (currency: string): Benefit => ({ type: 'amount-off', amount: 1, currency });

  it.each<[string, Benefit | undefined, number, string]>([
    ['in its currency', off('EUR'), 1, 'granted'],
    ['in another currency', off('CNY'), 1, 'currency-mismatch'],
    ['without an effect', off('EUR'), 0, 'no-effect'],
    ['with a maximum of no currency', { type: 'percent-off', percent: 1, maxAmount: 5 }, 1, 'granted'],
    ['of a gift', { type: 'gift', sku: 'G', name: 'A gift' }, 0, 'granted'],
    ['without a benefit', undefined, 0, 'granted'],
  ])('%s', (_, benefit, discount, verdict) => {
    const story = new Story();
    story.define({ benefit, nodes: { use: { when: 'order.amount > 0' } } });
    story.submit('claim', new Date(NOON).toISOString());
    const judgement = judgePricedUse(story.voucher!, story.claim, { ...use, discount }, NOON);
    expect(judgement.reason ?? judgement.verdict).toBe(verdict);
    const names = judgeRedemption(story.voucher!, story.claim, use, NOON).checks.map(({ check }) => check);
    names.splice(names.indexOf('use-rule'), 0, 'order-required', 'currency-mismatch', 'no-effect');
    names.push('budget-reached');
    expect(names.slice(0, judgement.checks.length)).toEqual(judgement.checks.map(({ check }) => check));
  });

  it.each<[string, number[]]>([
    ['true', []],
    ['order.amount >= 100', [100]],
    ['order.amount > 100', [101]],
    ['100 <= order.amount && order["amount"] <= 200', [100, 201]],
    ['!(order.amount < 100) || order.amount > 99.5', [100]],
    ['order.amount >= counters.pushed || claim.uses > 3', []],
    [
      Array.from({ length: 60 }, (_, index) => `order.amount == 1 || order.amount > ${index}`).join(' || '),
      Array.from({ length: 50 }, (_, index) => index + 1),
    ],
  ])('may turn with the order’s amount: %s', (when, amounts) =>
    expect(turningAmounts(definitionOf({ nodes: { use: { when } } }))).toEqual(amounts),
  );
});

describe('a predicted turn of a node', () => {
  it.each<[string, 'enable' | 'terminate', Partial<VoucherSpecInput>, string]>([
    ['enable', 'enable', {}, 'granted'],
    ['enable, not yet', 'enable', { nodes: { enable: { when: 'counters.pushed > 0' } } }, 'not-enabled'],
    ['terminate', 'terminate', { nodes: { terminate: { when: 'true' } } }, 'granted'],
    ['terminate, never', 'terminate', {}, 'terminated'],
  ])('%s', (_, node, spec, verdict) => {
    const judgement = judgeNode(unsaved(spec), node, NOON);
    expect(judgement.reason ?? judgement.verdict).toBe(verdict);
  });
});

it.each([
  [Date.parse(FROM) - 1, 'not-started'],
  [Date.parse(FROM), 'open'],
  [Date.parse(TO) - 1, 'open'],
  [Date.parse(TO), 'ended'],
])('at %d claiming is %s', (at, phase) => {
  expect(phaseOf(unsaved({}), at)).toBe(phase);
});

it('claiming has not started outside the hours or before the voucher is enabled', () => {
  const windows = { ...NOVEMBER.windows, claim: { hours: [{ days: ['MO' as const], from: '00:00', to: '24:00' }] } };
  expect(phaseOf(unsaved({ windows }), NOON)).toBe('not-started');
  expect(phaseOf(unsaved({ nodes: { enable: { when: 'false' } } }), NOON)).toBe('not-started');
});

it('the use times of a claim are known before it is granted', () => {
  const windows = { ...NOVEMBER.windows, use: { afterClaim: { delay: 'PT1H', length: 'P1D' } } };
  expect(useTimes(definitionOf({ windows }), NOON)).toEqual({
    useFrom: NOON + 3_600_000,
    useUntil: NOON + 25 * 3_600_000,
  });
});
