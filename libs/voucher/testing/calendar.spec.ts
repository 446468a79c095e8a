import type { Hours } from '@vouchers/contracts';
import { describe, expect, it } from '@jest/globals';
import { instantOf, later, wallTime, withinHours } from './calendar.ts';

describe("the model's calendar", () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z', 'skipped: later by an hour'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z', 'repeated: the first'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:30:00.000Z', 'skipped: later by an hour'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z', 'repeated: the first'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45:00.000Z', 'skipped: later by half an hour'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z', 'repeated: the first'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00:00.000Z', 'a skipped day: later by a day'],
    ['Asia/Shanghai', '2026-11-01T00:00', '2026-10-31T16:00:00.000Z', 'no change'],
  ])('%s shows %s at %s (%s)', (zone, wall, instant) => {
    expect(new Date(instantOf(Date.parse(`${wall}Z`), zone)).toISOString()).toBe(instant);
  });

  it.each([
    ['Europe/Berlin', '2026-10-25T00:30:00.000Z', '02:30'],
    ['Europe/Berlin', '2026-10-25T01:30:00.000Z', '02:30'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00.000Z', '01:30'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '00:00'],
  ])('in %s, %s reads %s', (zone, instant, clock) => {
    expect(new Date(wallTime(Date.parse(instant), zone)).toISOString().slice(11, 16)).toBe(clock);
  });

  it.each([
    ['2026-10-24T00:30:00.000Z', 'P1D', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-24T12:00:00.000Z', 'P1D', 'Europe/Berlin', '2026-10-25T13:00:00.000Z'],
    ['2026-10-24T12:00:00.000Z', 'PT24H', 'Europe/Berlin', '2026-10-25T12:00:00.000Z'],
    ['2026-03-28T01:30:00.000Z', 'P1D', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-03-28T01:30:00.000Z', 'P1DT1H', 'Europe/Berlin', '2026-03-29T02:30:00.000Z'],
    ['2026-01-31T12:00:00.000Z', 'P1M', 'UTC', '2026-02-28T12:00:00.000Z'],
    ['2024-02-29T12:00:00.000Z', 'P1Y1D', 'UTC', '2025-03-01T12:00:00.000Z'],
    ['2026-10-25T01:30:00.000Z', 'PT0S', 'Europe/Berlin', '2026-10-25T01:30:00.000Z'],
    ['2011-12-29T22:00:00.000Z', 'P1D', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
    ['2026-11-01T00:00:00.000Z', 'PT0.5S', 'UTC', '2026-11-01T00:00:00.500Z'],
  ])('%s and %s in %s is %s', (from, duration, zone, to) => {
    expect(new Date(later(Date.parse(from), duration, zone)).toISOString()).toBe(to);
  });

  const weekday: Hours[] = [{ days: ['SU'], from: '02:15', to: '02:45' }];
  const night: Hours[] = [{ days: ['TH'], from: '22:00', to: '02:00' }];
  it.each([
    [weekday, 'Europe/Berlin', '2026-10-25T00:14:59.999Z', false],
    [weekday, 'Europe/Berlin', '2026-10-25T00:15:00.000Z', true],
    [weekday, 'Europe/Berlin', '2026-10-25T00:45:00.000Z', false],
    [weekday, 'Europe/Berlin', '2026-10-25T01:15:00.000Z', true],
    [weekday, 'Europe/Berlin', '2026-03-29T01:15:00.000Z', false],
    [night, 'UTC', '2026-11-05T21:59:59.999Z', false],
    [night, 'UTC', '2026-11-05T22:00:00.000Z', true],
    [night, 'UTC', '2026-11-06T01:59:59.999Z', true],
    [night, 'UTC', '2026-11-06T02:00:00.000Z', false],
    [night, 'UTC', '2026-11-05T01:00:00.000Z', false],
    // Thursday's night ran into Saturday: there was no Friday.
    [night, 'Pacific/Apia', '2011-12-30T11:00:00.000Z', true],
    [[{ days: ['MO'], from: '10:00', to: '24:00' }] satisfies Hours[], 'UTC', '2026-11-02T23:59:59.999Z', true],
    [[{ days: ['MO'], from: '10:00', to: '24:00' }] satisfies Hours[], 'UTC', '2026-11-03T00:00:00.000Z', false],
  ])('%j in %s at %s: %s', (hours, zone, at, inside) => {
    expect(withinHours(Date.parse(at), hours, zone)).toBe(inside);
  });
});
