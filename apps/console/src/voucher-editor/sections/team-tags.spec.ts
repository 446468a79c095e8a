import { expect, it } from '@jest/globals';
import type { Teams } from '@vouchers/contracts';
import { tagsOf, teamsOf } from './team-tags.ts';

it.each<[string[], Teams | undefined]>([
  [[], undefined],
  [['shop'], ['shop']],
  [['shop', '\0'], 'any'],
  [['\0', 'shop'], ['shop']],
  [['\0'], 'any'],
  [Array.from({ length: 21 }, (_, index) => `t${index}`), Array.from({ length: 20 }, (_, index) => `t${index}`)],
])('the tags %j name these teams: %j', (tags, teams) => {
  expect(teamsOf(tags)).toEqual(teams);
  expect(teamsOf(tagsOf(teamsOf(tags)))).toEqual(teams);
});
