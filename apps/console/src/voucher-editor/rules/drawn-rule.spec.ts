import { describe, expect, it } from '@jest/globals';
import type { Node } from '@vouchers/contracts';
import { celOf, drawingOf } from './drawn-rule.ts';
import { namesFor, type RuleName } from './rule-names.ts';

const attributes = [
  { name: 'tier', type: 'string' as const, values: ['gold', 'vip'] },
  { name: 'age', type: 'number' as const },
  { name: 'member', type: 'boolean' as const },
  { name: 'tags', type: 'list' as const },
];
const NAMES: Record<Node, RuleName[]> = {
  enable: namesFor('enable', attributes),
  claim: namesFor('claim', attributes),
  use: namesFor('use', attributes),
  terminate: namesFor('terminate', attributes, 'EUR'),
};

describe('a condition that the builder draws', () => {
  it.each<[Node, string]>([
    ['claim', 'true'],
    ['terminate', 'false'],
    ['claim', 'user.tier in ["gold", "vip"] && user.age >= 18'],
    ['claim', "user.tier == 'gold' || user.age > 3 && user.member == true"],
    ['claim', '!(user.tier in ["gold"])'],
    ['claim', '!(user.tier == "gold" && user.age < 18)'],
    ['claim', 'user.age in [18, 21]'],
    ['claim', 'user.age >= 18.5 && user.age != -1'],
    ['claim', 'user.tier == "金" && page.slug.startsWith("spring")'],
    ['use', 'order.amount >= 10000 && order.matchesGoods == true && claim.uses < 3'],
    ['terminate', 'counters.redeemed >= 3000'],
    ['terminate', 'counters.discounted.EUR >= 400000'],
    ['claim', 'user.tier == "12"'],
  ])('%s: %s comes back the same', (node, cel) => {
    const drawing = drawingOf(node, cel, NAMES[node]);
    if (!('query' in drawing)) throw new Error(`not drawn: ${drawing.why}`);
    const back = celOf(node, drawing.query, NAMES[node]);
    if (!('cel' in back)) throw new Error(`not written: ${back.fault}`);
    expect(drawingOf(node, back.cel, NAMES[node])).toEqual(drawing);
  });
});

describe('a condition that the builder would change is only shown as CEL', () => {
  it.each<[Node, string, string]>([
    ['claim', 'false', 'lost'],
    ['terminate', 'true', 'lost'],
    ['claim', "now >= timestamp('2026-01-01T00:00:00Z')", 'lost'],
    ['terminate', "now >= timestamp('2026-01-01T00:00:00Z')", 'lost'],
    ['claim', 'user.member && now.getHours() < 12', 'lost'],
    ['claim', 'user.tier == "gold" && now.getHours() < 12', 'lost'],
    ['claim', 'user.member', 'lost'],
    ['claim', '"x" in user.tags', 'lost'],
    ['claim', 'user.age == 1.0', 'lost'],
    ['claim', 'user.age == 9007199254740993', 'lost'],
    ['claim', 'user.tier == "gold" // why', 'lost'],
    ['claim', '"gold" == user.tier', 'lost'],
    ['claim', 'user.tags.exists(t, t == "x")', 'name|value'],
    ['claim', 'user.tier == "a\\u0041"', 'value'],
    ['claim', "user.tier == r'a\\b'", 'value'],
    ['claim', 'user.tier == user.id', 'value'],
    ['claim', 'user.age == "18"', 'value|lost'],
    ['claim', 'user.height > 3', 'name'],
    ['claim', 'order.amount > 3', 'name'],
    ['claim', 'user.tier ==', 'unreadable'],
    ['claim', '', 'unreadable'],
  ])('%s: %s (%s)', (node, cel, why) => {
    const drawing = drawingOf(node, cel, NAMES[node]);
    expect('query' in drawing ? 'drawn' : drawing.why).toMatch(new RegExp(`^(${why})$`));
  });
});

describe('the condition that the builder writes', () => {
  const write = (field: string, operator: string, value: unknown) =>
    celOf('claim', { combinator: 'and', rules: [{ field, operator, value }] }, NAMES.claim);

  it.each([
    ['user.age', '>=', '18', 'user.age >= 18'],
    ['user.tier', '=', '18', 'user.tier == "18"'],
    ['user.age', 'in', ['18', '21'], 'user.age in [18, 21]'],
    ['user.member', '=', false, 'user.member == false'],
  ])('%s %s %j', (field, operator, value, cel) => expect(write(field, operator, value)).toEqual({ cel }));

  it.each([
    ['user.age', '>=', ''],
    ['user.age', '>=', '18x'],
    ['user.age', '>=', '018'],
    ['user.tier', '=', 'a"b'],
    ['user.tier', '=', 'a\\b'],
    ['user.tier', '=', 'a\nb'],
    ['user.tier', 'in', []],
    ['user.tier', '=', undefined],
  ])('is nothing for %s %s %j', (field, operator, value) =>
    expect(write(field, operator, value)).toEqual({ fault: 'value', name: field }),
  );

  it('is the node’s default if there is no rule, also with empty groups', () => {
    const empty = { combinator: 'and' as const, rules: [{ combinator: 'or' as const, rules: [] }] };
    expect(celOf('claim', empty, NAMES.claim)).toEqual({ cel: 'true' });
    expect(celOf('terminate', empty, NAMES.terminate)).toEqual({ cel: 'false' });
  });
});

it('a node offers only names that it can use', () => {
  const roots = (node: Node) => [...new Set(NAMES[node].map(({ name }) => name.split(/[.[]/)[0]))].sort();
  expect(roots('enable')).toEqual(['counters', 'now', 'voucher']);
  expect(roots('terminate')).toEqual(['counters', 'now', 'voucher']);
  expect(roots('claim')).toEqual(['counters', 'now', 'page', 'user', 'voucher']);
  expect(roots('use')).toEqual(['claim', 'counters', 'now', 'order', 'user', 'voucher']);
});
