import { describe, expect, it } from '@jest/globals';
import { fromMinor, numberText, readNumber, toMinor } from './number-text.ts';

const WHOLE = { least: 1 };
const MONEY = { least: 0, most: 1e12, digits: 2 };

describe('a typed number', () => {
  it.each<[string, object, number]>([
    ['300', WHOLE, 300],
    ['３００', WHOLE, 300],
    ['1,000', WHOLE, 1_000],
    ['１，０００', WHOLE, 1_000],
    [' 1 000 ', WHOLE, 1_000],
    ['1.0', WHOLE, 1],
    ['0', { least: 0 }, 0],
    ['19.99', MONEY, 19.99],
    ['１９．９', MONEY, 19.9],
    ['.5', MONEY, 0.5],
  ])('%s is read', (text, bounds, value) => expect(readNumber(text, bounds)).toEqual({ value }));

  it.each<[string, object, string]>([
    ['abc', WHOLE, 'whole'],
    ['1万', WHOLE, 'whole'],
    ['1e3', WHOLE, 'whole'],
    ['0x10', WHOLE, 'whole'],
    ['1,00', WHOLE, 'whole'],
    ['1000.5', WHOLE, 'whole'],
    ['0', WHOLE, 'least'],
    ['-5', WHOLE, 'least'],
    ['−5', WHOLE, 'least'],
    ['9007199254740993', WHOLE, 'most'],
    ['-3', MONEY, 'least'],
    ['1.005', MONEY, 'decimals'],
    ['x', MONEY, 'number'],
    ['2e12', MONEY, 'number'],
    ['2000000000000', MONEY, 'most'],
  ])('%s is a fault, never another number', (text, bounds, code) =>
    expect(readNumber(text, bounds)).toMatchObject({ fault: { code } }),
  );

  it.each(['', '   ', '\u3000'])('%j is none', (text) => expect(readNumber(text, WHOLE)).toBeUndefined());
});

it('an amount comes back from its minor units as it was typed', () => {
  for (const [text, digits] of [
    ['19.99', 2],
    ['0.07', 2],
    ['1.005', 3],
    ['500', 0],
  ] as const) {
    const minor = toMinor(Number(text), digits);
    expect([Number.isInteger(minor), numberText(fromMinor(minor, digits))]).toEqual([true, text]);
  }
});
