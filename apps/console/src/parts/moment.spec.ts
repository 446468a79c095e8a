import { describe, expect, it } from '@jest/globals';
import { formatDistance, formatDuration, formatMoment, type Precision } from './moment.ts';
import { instantOf, wallTimeOf } from './wall-time.ts';

const AT = '2026-11-30T02:32:05.402Z';

describe('a moment in a zone', () => {
  it.each<[Precision, string, string]>([
    ['day', 'Asia/Shanghai', '2026-11-30'],
    ['minute', 'Asia/Shanghai', '2026-11-30 10:32'],
    ['second', 'UTC', '2026-11-30 02:32:05'],
    ['millisecond', 'Asia/Shanghai', '2026-11-30 10:32:05.402'],
    ['clock', 'America/New_York', '21:32:05'],
    ['second', 'No/Zone', AT],
  ])('%s in %s is %s', (precision, zone, expected) => {
    expect(formatMoment(AT, precision, zone)).toBe(expected);
  });

  it('a text that is not a time stays as it is', () => {
    expect(formatMoment('soon', 'minute', 'UTC')).toBe('soon');
  });
});

describe('distance', () => {
  it.each([
    [2 * 3_600_000, 'in 2 hr.'],
    [-3 * 86_400_000, '3 days ago'],
    [59_999, 'in 59 sec.'],
    [60_000, 'in 1 min.'],
    [86_400_000, 'tomorrow'],
  ])('%d ms', (ms, expected) => {
    expect(formatDistance(1_000_000_000 + ms, 1_000_000_000, 'en')).toBe(expected);
  });
});

it.each([
  ['P7D', '7 days'],
  ['P1M2DT12H', '1 month 2 days 12 hours'],
  ['PT0S', 'PT0S'],
  ['nonsense', 'nonsense'],
])('%s is %s', (duration, expected) => {
  expect(formatDuration(duration, 'en')).toBe(expected);
});

describe('wall time across a clock change', () => {
  it.each<[string, string, string | undefined]>([
    ['an ordinary one', '2026-11-30T10:32:05', '2026-11-30T09:32:05Z'],
    ['skipped', '2026-03-29T02:30:00', undefined],
    ['repeated: the earlier', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['none', 'soon', undefined],
  ])('%s', (_, wall, instant) => {
    expect(instantOf(wall, 'Europe/Berlin')).toBe(instant);
    if (instant) expect(wallTimeOf(instant, 'Europe/Berlin')).toBe(wall);
  });
});
