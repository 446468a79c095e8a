import { describe, expect, it } from '@jest/globals';
import type { Facts } from '@vouchers/contracts';
import { newVoucher } from '../judge.ts';
import { definitionOf } from '../../testing/story.ts';
import { conditionOf } from './condition.ts';

const voucher = newVoucher(definitionOf());
const asked = (attributes: Facts) => ({
  voucher,
  at: Date.parse('2026-11-10T12:00:00.000Z'),
  userId: 'alice',
  attributes,
});

describe('a condition on a user', () => {
  it.each<[string, Facts, boolean]>([
    ["user.tier == 'gold'", { tier: 'gold' }, true],
    ["user.tier == 'gold'", {}, false],
    ["user.tier != 'gold'", {}, false],
    ["!has(user.tier) || user.tier == 'tin'", {}, true],
    ['user.age >= 18', { age: 18 }, true],
    ['user.age >= 18', { age: 17.9 }, false],
    ['user.age >= 17.5', { age: 18 }, true],
    ['user.age == 18.0', { age: 18 }, true],
    ['user.age >= 18', { age: '18' }, false],
    ['user.age >= 18', { age: 1e300 }, true],
    ['user.vip', { vip: true }, true],
    ['user.vip', { vip: 'yes' }, false],
    ['user.vip == null', { vip: null }, true],
    ["'a' in user.tags", { tags: ['a', 'b'] }, true],
    ["user.address.city == 'Kunming'", { address: { city: 'Kunming' } }, true],
    ['user.tags.size() == 100', { tags: Array(100).fill('x') }, true],
    ['user.tags.size() > 100', { tags: Array(101).fill('x') }, false],
    ["user.tags.size() > 100 || user.tier == 'gold'", { tags: Array(101).fill('x'), tier: 'gold' }, true],
    ["user.id == 'alice'", { id: 'eve' }, true],
    ['user.constructor == 1', {}, false],
    ['user.constructor == 1', { constructor: 1 } as unknown as Facts, true],
    ['user.n / user.m > 0', { n: 1, m: 0 }, false],
    ["now >= timestamp('2026-11-10T12:00:00Z')", {}, true],
    ["now > timestamp('2026-11-10T12:00:00Z')", {}, false],
    ["voucher.id == 'voucher' && voucher.version == 1 && voucher.resourceType == 'coupon'", {}, true],
    ['counters.free == null', {}, true],
    ['counters.free > 1', {}, false],
    ['counters.claimed == 0', {}, true],
  ])('%s of %j: %s', (when, attributes, holds) => {
    expect(conditionOf('claim', when).holds(asked(attributes))).toBe(holds);
  });
});

describe('why a condition does not hold', () => {
  it.each<[string, Facts, string]>([
    ["user.tier == 'gold'", { tier: 'secret' }, 'the condition is false'],
    ["user.tier == 'gold'", {}, 'the condition cannot be evaluated: missing: user.tier'],
    ["user.address.city == 'x'", { address: {} }, 'the condition cannot be evaluated: missing: user.address.city'],
    ['user.age >= 18', { age: 'secret' }, 'the condition cannot be evaluated: types do not fit: user.age >= 18'],
    [
      'int(user.age) >= 18',
      { age: 'secret' },
      'the condition cannot be evaluated: int conversion error: int(user.age)',
    ],
    ['user.vip', { vip: 'secret' }, 'the condition gives no boolean'],
    [
      'user.tags.size() > 100',
      { tags: Array(101).fill('secret') },
      'the condition cannot be evaluated: too long a list',
    ],
    ['counters.pushed > 3', {}, 'counters.pushed would have to be 4 more (> 3)'],
    ['3 <= counters.pushed', {}, 'counters.pushed would have to be 3 more (>= 3)'],
    ['counters.pushed < 0', {}, 'counters.pushed would have to be 1 less (< 0)'],
    ['user.age >= 18', { age: 3 }, 'the condition is false'],
    ['false', {}, 'the condition is never true'],
    ['!(', {}, 'the condition cannot be read'],
  ])('%s of %j: %s', (when, attributes, why) => {
    const told = conditionOf('claim', when).why(asked(attributes));
    expect(told).toBe(why);
    expect(told).not.toContain('secret');
  });
});

it.each([
  [
    "user.tier == 'a' && user['first-order'] && user.id != 'eve' && has(user.age) && user.tier != 'b'",
    ['tier', 'first-order', 'age'],
  ],
  ['counters.pushed > 1', []],
])('%s names %j', (when, attributes) => {
  expect(conditionOf('claim', when).attributes).toEqual(attributes);
});

describe('a condition that does not hold', () => {
  /** A user whose attribute counts its reads. */
  const counted = (tier: string) => {
    const seen = { times: 0 };
    const attributes = Object.defineProperty({}, 'tier', {
      enumerable: true,
      get: () => ((seen.times += 1), tier),
    }) as Facts;
    return { occasion: asked(attributes), seen };
  };

  it('is evaluated once for `holds` and `why`', () => {
    const condition = conditionOf('claim', "user.tier == 'gold'");
    const { occasion, seen } = counted('tin');
    expect(condition.holds(occasion)).toBe(false);
    const once = seen.times;
    expect(condition.why(occasion)).toBe('the condition is false');
    expect(seen.times).toBe(once);
  });

  it('is evaluated again for another occasion', () => {
    const condition = conditionOf('claim', "user.tier == 'gold'");
    expect(condition.holds(counted('tin').occasion)).toBe(false);
    expect(condition.why(asked({}))).toBe('the condition cannot be evaluated: missing: user.tier');
  });
});
