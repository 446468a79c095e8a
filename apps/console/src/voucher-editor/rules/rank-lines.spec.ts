import { describe, expect, it } from '@jest/globals';
import { celOf, linesOf, type RankLine } from './rank-lines.ts';

describe('a rank', () => {
  it.each<[string, RankLine[]]>([
    ['0', []],
    ["user.tier == 'vip' ? 2 : 0", [{ when: "user.tier == 'vip'", rank: 2 }]],
    [
      'user.tier in ["a?b", "c:0"] ? -5 : has(user.age) && user.age > 60 ? 1000 : 0',
      [
        { when: 'user.tier in ["a?b", "c:0"]', rank: -5 },
        { when: 'has(user.age) && user.age > 60', rank: 1000 },
      ],
    ],
    ['(user.a ? user.b : user.c) ? 1 : 0', [{ when: '(user.a ? user.b : user.c)', rank: 1 }]],
  ])('%s is lines and CEL', (cel, lines) => {
    expect(linesOf(cel)).toEqual(lines);
    expect(celOf(lines)).toBe(cel);
  });

  it.each([
    '1',
    'user.age',
    "user.tier == 'vip' ? 2 : 1",
    'a ? b : 0',
    'a ? 2 : (b ? 1 : 0)',
    'a ? 10000 : 0',
    ' ? 1 : 0',
    '0 : 0',
    '',
  ])('%j is no list of lines', (cel) => expect(linesOf(cel)).toBeUndefined());

  it('keeps a condition with a choice in parentheses', () =>
    expect(celOf([{ when: 'a ? b : c', rank: 1 }])).toBe('(a ? b : c) ? 1 : 0'));
});
