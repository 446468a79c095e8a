import { expect, it } from '@jest/globals';
import { clausesOf } from './rule-clauses.ts';

it.each<[string, Record<string, string | number | string[]>, string[]]>([
  ['user.tier in ["gold", "vip"] && user.age >= 18', { 'user.tier': 'silver', 'user.age': 20 }, ['fails', 'holds']],
  ['user.age >= 18', {}, ['missing']],
  ['"x" in user.tags && user.age < 18.5', { 'user.tags': ['x'], 'user.age': 18 }, ['holds', 'holds']],
  ['order.amount >= 10000 && user.tier == "gold"', { 'user.tier': 'gold' }, ['unknown', 'holds']],
  ['user.tier == "gold" || user.age > 3', { 'user.tier': 'iron', 'user.age': 3 }, ['fails']],
  ['now.getHours() < 12', {}, ['unknown']],
  ['user.tier ==', {}, ['unknown']],
])('%s with %j: %j', (when, facts, results) => {
  expect(clausesOf(when, facts).map(({ result }) => result)).toEqual(results);
});
