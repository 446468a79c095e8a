import { describe, expect, it } from '@jest/globals';
import { plus, spanOf } from './duration.ts';
import { rfc3339 } from './rfc3339.ts';
import { zoneOf } from './zone.ts';

describe('a moment plus a length of time', () => {
  it.each([
    ['a day of 24 hours', 'Asia/Shanghai', '2026-11-10T12:00:00.000Z', 'P1D', '2026-11-11T12:00:00.000Z'],
    ['a day of 23 hours', 'Europe/Berlin', '2026-03-28T11:00:00.000Z', 'P1D', '2026-03-29T10:00:00.000Z'],
    ['24 hours, over a day of 23', 'Europe/Berlin', '2026-03-28T11:00:00.000Z', 'PT24H', '2026-03-29T11:00:00.000Z'],
    ['a day of 25 hours', 'America/New_York', '2026-10-31T16:00:00.000Z', 'P1D', '2026-11-01T17:00:00.000Z'],
    ['24 hours, over a day of 25', 'America/New_York', '2026-10-31T16:00:00.000Z', 'PT24H', '2026-11-01T16:00:00.000Z'],
    [
      'to a skipped wall time: forward by the gap',
      'Europe/Berlin',
      '2026-03-28T01:30:00.000Z',
      'P1D',
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'to a repeated wall time: the first',
      'Europe/Berlin',
      '2026-10-24T00:30:00.000Z',
      'P1D',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'from the second of a repeated time',
      'Europe/Berlin',
      '2026-10-25T01:30:00.000Z',
      'P1D',
      '2026-10-26T01:30:00.000Z',
    ],
    [
      'a week over a half-hour shift',
      'Australia/Lord_Howe',
      '2026-10-01T00:00:00.000Z',
      'P1W',
      '2026-10-07T23:30:00.000Z',
    ],
    ['to a skipped half hour', 'Australia/Lord_Howe', '2026-10-02T15:45:00.000Z', 'P1D', '2026-10-03T15:45:00.000Z'],
    ['over the day that Apia skipped', 'Pacific/Apia', '2011-12-29T22:00:00.000Z', 'P2D', '2011-12-30T22:00:00.000Z'],
    ['to the day that Apia skipped', 'Pacific/Apia', '2011-12-29T22:00:00.000Z', 'P1D', '2011-12-30T22:00:00.000Z'],
    ['a month to its last day', 'UTC', '2026-01-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
    ['a year from a leap day', 'UTC', '2024-02-29T00:00:00.000Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['calendar first, then exact', 'Europe/Berlin', '2026-03-28T11:00:00.000Z', 'P1DT1H', '2026-03-29T11:00:00.000Z'],
    ['half a second', 'UTC', '2026-01-01T00:00:00.000Z', 'PT0.5S', '2026-01-01T00:00:00.500Z'],
    ['nothing', 'UTC', '2026-01-01T00:00:00.000Z', 'PT0S', '2026-01-01T00:00:00.000Z'],
  ])('%s (%s)', (_, zone, at, length, then) => {
    expect(new Date(plus(Date.parse(at), spanOf(length), zoneOf(zone))).toISOString()).toBe(then);
  });

  it('in days is the same by arithmetic as by the calendar, far from a change of the clocks', () => {
    const zone = zoneOf('Europe/Berlin');
    const begin = Date.UTC(2026, 9, 20);
    for (let hour = 0; hour < 240; hour++) {
      const at = begin + hour * 3_600_000;
      const slow = { ...spanOf('P1D'), days: undefined };
      expect(plus(at, spanOf('P1D'), zone)).toBe(plus(at, slow, zone));
    }
  });
});

describe('a time as text', () => {
  it.each([0, 1, -1, 999, 1_794_268_801_000, -62_135_596_800_000, 253_402_300_799_999, 8.64e15])(
    '%d is the text that Date gives',
    (at) => {
      expect(rfc3339(at)).toBe(new Date(at).toISOString());
    },
  );
});
