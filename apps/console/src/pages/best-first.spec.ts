import { expect, it } from '@jest/globals';
import { bestFirst } from './best-first.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

it('the voucher that is called exactly so comes before its newer copies', () => {
  const found = bestFirst(named('A 满100减20', '满100减20 (copy)', '满100减20', '满100减20（副本）'), '满100减20');
  expect(found.map(({ name }) => name)).toEqual(['满100减20', '满100减20 (copy)', '满100减20（副本）', 'A 满100减20']);
});

it('otherwise the order stays', () =>
  expect(bestFirst(named('b', 'a'), '').map(({ name }) => name)).toEqual(['b', 'a']));
