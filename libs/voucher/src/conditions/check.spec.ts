import { describe, expect, it } from '@jest/globals';
import type { Node } from '@vouchers/contracts';
import { checkCondition } from './check.ts';

describe('a condition that may be saved', () => {
  it.each<[Node, string]>([
    ['enable', 'true'],
    ['enable', "now >= timestamp('2026-11-01T00:00:00Z') && voucher.labels.campaign == '26'"],
    ['terminate', 'counters.redeemed >= 3000 || counters.free == 0'],
    ['terminate', "counters.refused['claim']['sold-out'] > 100"],
    ['claim', "user.tier in ['gold', 'vip'] && user.id != 'eve'"],
    ['claim', "user['first-order'] == true"],
    ['claim', 'has(user.age) && user.age >= 17.5'],
    ['claim', 'user.vip'],
    ['claim', "page.slug == 'home' && counters.claimed < 10"],
    ['claim', "now.getHours('Asia/Shanghai') >= 10"],
    ['use', 'order.amount >= 10000 && order.amount == 1.5'],
    ['use', 'order.matchesGoods && claim.uses < 2'],
    ['use', "now - claim.heldAt > duration('24h')"],
    ['use', "order.items.exists(i, i.sku in ['A-1', 'A-2', 'A-3'] && i.quantity >= 2 && i.amount > 100)"],
    ['use', "order.items.exists(i, i.sku.startsWith('A') && i.sku.upperAscii().contains('-X'))"],
    ['use', 'user.skus.exists(sku, order.items.exists(i, i.sku == sku))'],
    ['claim', 'user.a.exists(x, user.b.exists(y, x == y))'],
    ['claim', "user.tags.exists(t, t.startsWith('vip-') || t.split(':')[0] == 'vip')"],
    ['enable', "voucher.labels.all(a, voucher.labels.exists(b, a.startsWith('c') && b != a))"],
    ['use', 'order.items.filter(i, i.amount > 100).map(i, i.sku).all(sku, sku.startsWith("A"))'],
    ['claim', `user.tier == '${'x'.repeat(4082)}'`.slice(0, 4095) + "'"],
  ])('at %s: %s', (node, when) => {
    expect(checkCondition(node, when)).toEqual({ ok: true, errors: [] });
  });
});

describe('a condition that is refused', () => {
  it.each<[string, Node, string, number, number]>([
    ['not CEL', 'claim', 'user.age >=', 1, 12],
    ['nothing', 'claim', '', 1, 1],
    ['an unknown name on its second line', 'claim', 'true &&\n  foo', 2, 3],
    ['user at the enable node', 'enable', "user.tier == 'gold'", 1, 1],
    ['order at the claim node', 'claim', 'true || order.amount > 1', 1, 9],
    ['claim at the claim node', 'claim', 'claim.uses > 1', 1, 1],
    ['page at the use node', 'use', "page.slug == 'a'", 1, 1],
    ['page at the terminate node', 'terminate', "page.slug == 'a'", 1, 1],
    ['a counter that is none', 'claim', 'counters.sold > 1', 1, 10],
    ['a field of the order that is none', 'use', 'order.total > 1', 1, 7],
    ['a number', 'claim', '1 + 1', 1, 1],
    ['a string', 'claim', "'yes'", 1, 1],
    ['a number of the order', 'use', 'order.amount', 1, 1],
    ['types that do not fit', 'use', "order.amount >= 'a'", 1, 1],
    ['user whole', 'claim', "'tier' in user", 1, 11],
    ['user by a computed key', 'claim', 'user[user.id] == 1', 1, 1],
    ['user given to a function', 'claim', 'size(user) > 1', 1, 6],
    ['user as a whole', 'claim', 'user', 1, 1],
    ['a method matches', 'claim', "user.name.matches('a+')", 1, 1],
    ['a function matches', 'claim', "matches(user.name, 'a+')", 1, 1],
    ['a variable that hides a name', 'use', 'order.items.all(now, now.amount > 1)', 1, 17],
    ['loops three deep', 'use', 'order.items.all(a, order.items.all(b, order.items.all(c, c == a)))', 1, 39],
    ['a function that is none', 'claim', 'now.eval()', 1, 1],
    ['bind, whose values may grow without bound', 'claim', 'cel.bind(a, user.name, a == a)', 1, 1],
  ])('%s', (_, node, when, line, column) => {
    const { ok, errors } = checkCondition(node, when);
    expect(ok).toBe(false);
    expect(errors[0]).toMatchObject({ line, column });
    expect(errors[0]!.message).toMatch(/\w/);
  });

  it.each<[string, Node, string]>([
    ['more than 4 kB', 'claim', `user.tier == '${'x'.repeat(4083)}'`],
    ['more than 4 kB in UTF-8', 'claim', `user.tier == '${'满'.repeat(1400)}'`],
    [
      'each item compared with each',
      'use',
      'order.items.exists(a, order.items.exists(b, a.sku != b.sku && a.amount == b.amount))',
    ],
    ['a text taken apart within a loop', 'claim', "user.a.exists(x, x.split('').exists(c, x.contains(c)))"],
    ['the same by a detour', 'claim', "user.a.exists(x, x.lowerAscii().split('').exists(c, x.contains(c)))"],
    ['the largest of a list, taken apart', 'claim', "user.a[0].split('').exists(c, user.a[0].contains(c))"],
    [
      'at the terminate node, a cost that other nodes allow',
      'terminate',
      `[${'1,'.repeat(200)}1].exists(a, [${'1,'.repeat(200)}1].exists(b, a > b))`,
    ],
    [
      'text that grows',
      'claim',
      `[[user.name].map(a, a${' + a'.repeat(400)})[0]].map(b, b${' + b'.repeat(400)})[0] == ''`,
    ],
    ['lists that grow', 'use', `[order.items].map(a, a${' + a'.repeat(300)}).all(b, b${' + b'.repeat(300)} == [])`],
    ['brackets without end', 'claim', '('.repeat(4000)],
    ['negation without end', 'claim', `${'!'.repeat(4000)}true`],
  ])('%s', (_, node, when) => {
    expect(checkCondition(node, when).ok).toBe(false);
  });

  it('gives its cost, the limit, and a change that helps', () => {
    const when = 'order.items.exists(a, order.items.exists(b, a.sku == b.sku))';
    const { errors } = checkCondition('use', when);
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^costs too much .* \d+ steps, at most 400000 .*take a loop out/),
        code: 'cel-cost',
        params: { cost: 1_752_002, most: 400_000 },
        line: 1,
        column: 1,
      },
    ]);
  });
});
