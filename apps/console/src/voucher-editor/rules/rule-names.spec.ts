import { expect, it } from '@jest/globals';
import { unlistedIn } from './rule-names.ts';

const LISTED = [
  { name: 'tier', type: 'string' as const },
  { name: 'a b', type: 'string' as const },
];

it.each([
  ['user.tier == "gold"', []],
  ['user.teir == "gold"', ['user.teir']],
  ['user.teir == "user.other" && user.teir != "x"', ['user.teir']],
  ['user["a b"] == "x" && user[\'c d\'] == "y"', ['user.c d']],
  ['user.id == "u-1" && order.amount > 3', []],
])('%s has the unlisted attributes %j', (when, names) => expect(unlistedIn(when, LISTED)).toEqual(names));
