import { expect, it } from '@jest/globals';
import { goodsDifference } from './goods-difference.ts';

it('tells what was added, removed and renamed', () => {
  const before = [{ sku: 'a', name: 'Tea' }, { sku: 'b' }, { sku: 'c', name: 'Cup' }];
  const after = [{ sku: 'd' }, { sku: 'c', name: 'Cup' }, { sku: 'a', name: 'Green tea' }];
  expect(goodsDifference(before, after)).toEqual({
    added: [{ sku: 'd' }],
    removed: [{ sku: 'b' }],
    renamed: [{ sku: 'a', before: 'Tea', after: 'Green tea' }],
  });
});

it('another order is no difference', () => {
  const goods = [{ sku: 'a' }, { sku: 'b' }];
  expect(goodsDifference(goods, goods.toReversed())).toEqual({ added: [], removed: [], renamed: [] });
});
