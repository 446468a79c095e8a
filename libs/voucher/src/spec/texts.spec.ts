import { expect, it } from '@jest/globals';
import type { Fault } from '@vouchers/contracts';
import { teams } from './texts.ts';

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `team ${index}`);

it.each<[unknown, string[]]>([
  ['any', []],
  [['any'], []],
  [['shop', '商店', 'x'.repeat(255)], []],
  [many(20), []],
  [many(21), ['/teams']],
  [[], ['/teams']],
  ['shop', ['/teams']],
  [null, ['/teams']],
  [{}, ['/teams']],
  [['shop', 'shop'], ['/teams']],
  [['shop', ''], ['/teams/1']],
  [['x'.repeat(256)], ['/teams/0']],
  [
    ['a\nb', 'c', 7],
    ['/teams/0', '/teams/2'],
  ],
  [['\ud800'], ['/teams/0']],
])('the teams %j have these faults: %j', (given, pointers) => {
  const faults: Fault[] = [];
  teams(given, '/teams', faults);
  expect(faults.map(({ pointer }) => pointer)).toEqual(pointers);
});
