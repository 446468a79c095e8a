import { expect, it } from '@jest/globals';
import { durationOf, UNITS, unitOf } from './duration-text.ts';

it.each([
  ['P7D', { count: 7, unit: 'days' }],
  ['PT12H', { count: 12, unit: 'hours' }],
  ['PT90M', { count: 90, unit: 'minutes' }],
  ['P2W', { count: 2, unit: 'weeks' }],
  ['P1M', { count: 1, unit: 'months' }],
  ['P1Y', { count: 12, unit: 'months' }],
  ['PT0S', { count: 0, unit: 'days' }],
  ['P1DT12H', undefined],
  ['PT30S', undefined],
])('%s', (duration, expected) => expect(unitOf(duration)).toEqual(expected));

it.each(UNITS)('%s come back the same', (unit) => {
  for (const count of [1, 30]) expect(unitOf(durationOf(count, unit))).toEqual({ count, unit });
});
