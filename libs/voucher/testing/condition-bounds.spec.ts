import { describe, expect, it } from '@jest/globals';
import { checkCondition } from '@vouchers/voucher';

describe('a condition', () => {
  it.each<['enable' | 'claim' | 'use' | 'terminate', string, boolean]>([
    ['enable', 'now >= timestamp("2026-11-01T00:00:00Z")', true],
    ['enable', "user.tier == 'gold'", false],
    ['enable', "page.slug == 'home'", false],
    ['terminate', 'counters.redeemed >= 3000', true],
    ['terminate', 'order.amount > 1', false],
    ['terminate', 'claim.uses > 1', false],
    ['claim', "user.tier in ['gold', 'vip']", true],
    ['claim', "page.slug == 'home' && voucher.labels.campaign == '26'", true],
    ['claim', 'order.amount > 1', false],
    ['claim', 'claim.uses > 1', false],
    ['use', 'order.amount >= 10000 && order.matchesGoods', true],
    ['use', "order.items.exists(i, i.sku == 'A-1')", true],
    ['use', 'now - claim.heldAt < duration("86400s")', true],
    ['use', "page.slug == 'home'", false],
    ['use', 'user.id == "alice"', true],
    ['claim', 'user.score >= 2.5', true],
    ['claim', 'counters.free > 3', true],
    ['claim', "counters.refused['claim']['sold-out'] > 3", true],
    ['claim', 'user.staff', true],
    ['claim', '1 + 1', false],
    ['claim', "'true'", false],
    ['claim', 'voucher.colour == "red"', false],
    ['claim', 'user == user', false],
    ['claim', "user[voucher.name] == 'x'", false],
    ['claim', 'user.all(k, k != "x")', false],
    ['claim', "user.tier.matches('^g')", false],
    ['claim', "matches(user.tier, '^g')", false],
    ['claim', 'user.a.exists(x, user.b.exists(y, x == y))', true],
    ['claim', 'user.a.exists(x, user.b.exists(y, user.c.exists(z, x == y && y == z)))', false],
    ['claim', '', false],
  ])('at the %s node: %s (%s)', (node, when, ok) => {
    const answer = checkCondition(node, when);
    expect([when, answer.ok]).toEqual([when, ok]);
    expect(answer.errors.length > 0).toBe(!ok);
    for (const { message, line, column } of answer.errors) {
      expect(message).not.toBe('');
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
    }
  });

  it('is wrong at a line and a column', () => {
    expect(checkCondition('claim', 'true &&\n  weather == 1').errors[0]).toMatchObject({ line: 2, column: 3 });
  });
});
