import { expect, it } from '@jest/globals';
import { codePointsOf, CURRENCIES, isCurrency, isParty, isStorable, isVisible, timeOf } from './index.ts';

it.each<[string, number]>([
  ['', 0],
  ['abc', 3],
  ['满减', 2],
  ['😀'.repeat(101), 101],
  ['e\u0301', 2],
])('%j has %i code points', (text, count) => {
  expect(codePointsOf(text)).toBe(count);
});

it.each<[string, boolean]>([
  ['a\nb', true],
  ['😀', true],
  ['a\0', false],
  ['\ud83d', false],
  ['\ude00\ud83d', false],
])('%j can be stored: %p', (text, can) => {
  expect(isStorable(text)).toBe(can);
});

it.each<[unknown, boolean]>([
  ['é a', true],
  ['😀'.repeat(255), true],
  ['😀'.repeat(256), false],
  ['x'.repeat(256), false],
  ['', false],
  ['a\tb', false],
  ['a\u0085b', false],
  ['a\0', false],
  ['\ud83d', false],
  [7, false],
  [null, false],
])('%j may be a user or a team: %p', (value, may) => {
  expect(isParty(value)).toBe(may);
});

it.each<[string, boolean]>([
  ['x', true],
  [' 满 ', true],
  ['👨‍👩‍👧', true],
  ['', false],
  [' \t\u00a0\u3000', false],
  ['\u200b\u200d\ufeff', false],
  ['\u00ad\u2060', false],
  ['\u3164\u115f', false],
  ['\u2800', false],
  ['\ufe0f\u{e0100}', false],
])('%j is visible: %p', (text, can) => {
  expect(isVisible(text)).toBe(can);
});

it.each<[unknown, string | undefined]>([
  ['2026-11-29T08:00:00+08:00', '2026-11-29T00:00:00.000Z'],
  ['2026-11-29t00:00:00.5z', '2026-11-29T00:00:00.500Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['0000-12-31T23:00:00-01:00', '0001-01-01T00:00:00.000Z'],
  ['0004-02-29T00:00:00Z', '0004-02-29T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['0000-01-01T00:00:00Z', undefined],
  ['0001-01-01T00:00:00+00:01', undefined],
  ['9999-12-31T23:59:59-14:00', undefined],
  ['9999-12-31T23:59:59-00:01', undefined],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-00-01T00:00:00Z', undefined],
  ['2026-01-00T00:00:00Z', undefined],
  ['2026-11-29T24:00:00Z', undefined],
  ['2026-11-29T00:00:00', undefined],
  ['2026-11-29', undefined],
  [1793487600000, undefined],
])('%j is the time %p', (text, time) => {
  const at = timeOf(text);
  expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(time);
});

it('a currency is valid if it is in use today; former and test currencies are not', () => {
  expect(['CNY', 'EUR', 'USD', 'JPY', 'XOF', 'XCG', 'ZWG'].every(isCurrency)).toBe(true);
  expect(['RMB', 'ZZZ', 'DEM', 'HRK', 'XTS', 'XXX', 'XAU', 'cny', '', 156].some(isCurrency)).toBe(false);
  expect(CURRENCIES).toEqual([...new Set(CURRENCIES)].sort());
});
