import { describe, expect, it } from '@jest/globals';
import { alternate, ratios, shown, shownSpread, spread } from './samples.ts';

describe('samples', () => {
  it.each([
    [[3], { median: 3, min: 3, max: 3 }],
    [[9, 1, 5], { median: 5, min: 1, max: 9 }],
    [[4, 1, 2, 9], { median: 3, min: 1, max: 9 }],
  ])('the spread of %j', (values, expected) => {
    expect(spread(values)).toEqual(expected);
  });

  it('without a value have no spread', () => {
    expect(() => spread([])).toThrow('nothing was measured');
  });

  it('are divided by round', () => {
    expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
  });

  it('come from cases that take turns', async () => {
    const order: string[] = [];
    const seen = await alternate(2, {
      ours: async (round) => order.push(`ours ${round}`),
      theirs: async (round) => order.push(`theirs ${round}`),
    });
    expect(order).toEqual(['ours 0', 'theirs 0', 'ours 1', 'theirs 1']);
    expect(seen).toEqual({ ours: [1, 3], theirs: [2, 4] });
  });

  it.each([
    [17_712.4, '17,712'],
    [100, '100'],
    [12.345, '12.3'],
    [0.1234, '0.123'],
  ])('%d is shown as %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('are shown with their bounds, if there are any', () => {
    expect(shownSpread([1, 2, 3])).toBe('2 (1–3)');
    expect(shownSpread([2])).toBe('2');
  });
});
