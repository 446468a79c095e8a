import { describe, expect, it } from '@jest/globals';
import { after, clockChanges, moved, resolveWallTime, rounded, wallTimeOf } from './wall-time.ts';

describe('a wall time', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-01T00:00', { is: 'one', instant: '2026-10-31T16:00:00.000Z' }],
    ['Europe/Berlin', '2026-03-29T01:59', { is: 'one', instant: '2026-03-29T00:59:00.000Z' }],
    ['Europe/Berlin', '2026-03-29T02:00', { is: 'skipped' }],
    ['Europe/Berlin', '2026-03-29T02:59', { is: 'skipped' }],
    ['Europe/Berlin', '2026-03-29T03:00', { is: 'one', instant: '2026-03-29T01:00:00.000Z' }],
    ['Europe/Berlin', '2026-10-25T01:59', { is: 'one', instant: '2026-10-24T23:59:00.000Z' }],
    [
      'Europe/Berlin',
      '2026-10-25T02:00',
      { is: 'repeated', earlier: '2026-10-25T00:00:00.000Z', later: '2026-10-25T01:00:00.000Z' },
    ],
    ['Europe/Berlin', '2026-10-25T03:00', { is: 'one', instant: '2026-10-25T02:00:00.000Z' }],
    ['UTC', '2026-02-30T00:00', { is: 'unreadable' }],
    ['UTC', '', { is: 'unreadable' }],
  ])('in %s, %s', (zone, wall, resolved) => expect(resolveWallTime(wall, zone)).toEqual(resolved));

  it.each([
    ['Asia/Shanghai', '2026-10-31T16:00:00.000Z', '2026-11-01T00:00'],
    ['UTC', '2026-10-31T16:00:01.000Z', '2026-10-31T16:00:01'],
    ['UTC', '2026-10-31T16:00:00.500Z', '2026-10-31T16:00:00.5'],
  ])('in %s of %s is %s', (zone, instant, wall) => expect(wallTimeOf(instant, zone)).toBe(wall));
});

describe('across a clock change', () => {
  const noon = '2026-03-28T11:00:00.000Z';
  it('adding a day keeps the wall time, but adding 24 hours does not', () => {
    expect(wallTimeOf(moved(noon, 'Europe/Berlin', { days: 1 }), 'Europe/Berlin')).toBe('2026-03-29T12:00');
    expect(wallTimeOf(moved(noon, 'Europe/Berlin', { hours: 24 }), 'Europe/Berlin')).toBe('2026-03-29T13:00');
    expect(after(noon, 'Europe/Berlin', 'P1D')).toBe('2026-03-29T10:00:00.000Z');
    expect(after(noon, 'Europe/Berlin', 'PT24H')).toBe('2026-03-29T11:00:00.000Z');
    expect(after(noon, 'Europe/Berlin', 'a week')).toBeUndefined();
  });

  it('the change is found only between instants around it', () => {
    const year = clockChanges('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'Europe/Berlin');
    expect(year).toEqual([
      { at: '2026-03-29T01:00:00.000Z', byMinutes: 60 },
      { at: '2026-10-25T01:00:00.000Z', byMinutes: -60 },
    ]);
    expect(clockChanges('2026-01-01T00:00:00Z', '2026-03-29T01:00:00.000Z', 'Europe/Berlin')).toEqual([]);
    expect(clockChanges('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'Asia/Shanghai')).toEqual([]);
  });

  it('an instant is rounded to the day of the zone', () =>
    expect(rounded('2026-10-31T20:00:00Z', 'Asia/Shanghai', 'day')).toBe('2026-10-31T16:00:00.000Z'));
});
