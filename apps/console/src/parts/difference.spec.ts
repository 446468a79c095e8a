import { describe, expect, it } from '@jest/globals';
import { differences, valueShown } from './difference.ts';

describe('the fields in which two values differ', () => {
  it.each<[string, unknown, unknown, object[]]>([
    ['none', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, []],
    ['a field', { a: 1, b: 2 }, { a: 1, b: 3 }, [{ pointer: '/b', before: 2, after: 3 }]],
    [
      'deep',
      { n: { claim: { when: 'a' } } },
      { n: { claim: { when: 'b' } } },
      [{ pointer: '/n/claim/when', before: 'a', after: 'b' }],
    ],
    ['an added field', {}, { a: null }, [{ pointer: '/a', before: undefined, after: null }]],
    ['a removed field', { a: 1 }, {}, [{ pointer: '/a', before: 1, after: undefined }]],
    ['a list is one field', { a: [1, 2] }, { a: [2, 1] }, [{ pointer: '/a', before: [1, 2], after: [2, 1] }]],
    [
      'a range instead of a duration',
      { use: { from: 'x' } },
      { use: { afterClaim: 'y' } },
      [
        { pointer: '/use/from', before: 'x', after: undefined },
        { pointer: '/use/afterClaim', before: undefined, after: 'y' },
      ],
    ],
    ['names with slashes and tildes', { 'a/b~': 1 }, { 'a/b~': 2 }, [{ pointer: '/a~1b~0', before: 1, after: 2 }]],
  ])('%s', (_, before, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
  });
});

it('a long list is shown by its length', () => {
  expect(valueShown('a "b"')).toBe('a "b"');
  expect(valueShown([1])).toBe('[\n 1\n]');
  expect(valueShown(Array.from({ length: 5_000 }, (_, sku) => ({ sku })))).toBe('[5000]');
});
