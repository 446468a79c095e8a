import { describe, expect, it } from '@jest/globals';
import type { Hours } from '@vouchers/contracts';
import { DAYS, openingHours } from './hours.ts';
import { zoneOf } from './zone.ts';

const daily = (from: string, to: string): Hours[] => [{ days: [...DAYS], from, to }];
const on = (days: Hours['days'], from: string, to: string): Hours[] => [{ days, from, to }];

describe('hours follow the wall clock:', () => {
  it.each<[string, string, Hours[], string, boolean]>([
    // 2026-11-09 is a Monday; Shanghai is 8 hours ahead, all year.
    ['1 ms before they begin', 'Asia/Shanghai', on(['MO'], '10:00', '22:00'), '2026-11-09T01:59:59.999Z', false],
    ['as they begin', 'Asia/Shanghai', on(['MO'], '10:00', '22:00'), '2026-11-09T02:00:00.000Z', true],
    ['1 ms before they end', 'Asia/Shanghai', on(['MO'], '10:00', '22:00'), '2026-11-09T13:59:59.999Z', true],
    ['as they end', 'Asia/Shanghai', on(['MO'], '10:00', '22:00'), '2026-11-09T14:00:00.000Z', false],
    ['on another day', 'Asia/Shanghai', on(['MO'], '10:00', '22:00'), '2026-11-10T02:00:00.000Z', false],
    ['Monday there, Sunday in UTC', 'Asia/Shanghai', on(['MO'], '00:00', '24:00'), '2026-11-08T16:00:00.000Z', true],
    ['until 24:00', 'Asia/Shanghai', on(['MO'], '22:00', '24:00'), '2026-11-09T15:59:59.999Z', true],
    ['past 24:00', 'Asia/Shanghai', on(['MO'], '22:00', '24:00'), '2026-11-09T16:00:00.000Z', false],
    [
      'past midnight, begun on the day before',
      'Asia/Shanghai',
      on(['MO'], '22:00', '02:00'),
      '2026-11-09T17:59:59.999Z',
      true,
    ],
    ['past midnight, ended', 'Asia/Shanghai', on(['MO'], '22:00', '02:00'), '2026-11-09T18:00:00.000Z', false],
    [
      'past midnight, begun on a day that is not listed',
      'Asia/Shanghai',
      on(['MO'], '22:00', '02:00'),
      '2026-11-08T17:00:00.000Z',
      false,
    ],
    ['Sunday into Monday', 'Asia/Shanghai', on(['SU'], '22:00', '02:00'), '2026-11-08T17:00:00.000Z', true],
    // Berlin skips 02:00–03:00 on 2026-03-29 (01:00Z) and repeats it on 2026-10-25 (00:00Z to 02:00Z).
    ['before the skipped hour', 'Europe/Berlin', daily('01:30', '02:30'), '2026-03-29T00:59:59.999Z', true],
    ['after the skipped hour', 'Europe/Berlin', daily('01:30', '02:30'), '2026-03-29T01:00:00.000Z', false],
    ['begun in the skipped hour', 'Europe/Berlin', daily('02:30', '04:00'), '2026-03-29T01:00:00.000Z', true],
    ['the repeated hour, first', 'Europe/Berlin', daily('02:00', '03:00'), '2026-10-25T00:00:00.000Z', true],
    ['the repeated hour, second', 'Europe/Berlin', daily('02:00', '03:00'), '2026-10-25T01:59:59.999Z', true],
    ['after both', 'Europe/Berlin', daily('02:00', '03:00'), '2026-10-25T02:00:00.000Z', false],
    ['until its half, first', 'Europe/Berlin', daily('01:00', '02:30'), '2026-10-25T00:30:00.000Z', false],
    ['until its half, again', 'Europe/Berlin', daily('01:00', '02:30'), '2026-10-25T01:00:00.000Z', true],
    ['until its half, over', 'Europe/Berlin', daily('01:00', '02:30'), '2026-10-25T01:30:00.000Z', false],
    // New York skips 02:00–03:00 on 2026-03-08 (07:00Z) and repeats 01:00–02:00 on 2026-11-01 (05:00Z to 07:00Z).
    ['before the gap', 'America/New_York', daily('01:00', '03:00'), '2026-03-08T06:59:59.999Z', true],
    ['after the gap', 'America/New_York', daily('01:00', '03:00'), '2026-03-08T07:00:00.000Z', false],
    ['the first 01:30', 'America/New_York', daily('01:30', '01:45'), '2026-11-01T05:30:00.000Z', true],
    ['between', 'America/New_York', daily('01:30', '01:45'), '2026-11-01T06:00:00.000Z', false],
    ['the second 01:30', 'America/New_York', daily('01:30', '01:45'), '2026-11-01T06:30:00.000Z', true],
    // Lord Howe shifts by half an hour: 02:00 → 02:30 on 2026-10-04 (15:30Z of the 3rd), 02:00 → 01:30 on 2026-04-05
    // (15:00Z of the 4th).
    ['before the half-hour gap', 'Australia/Lord_Howe', daily('01:30', '02:30'), '2026-10-03T15:29:59.999Z', true],
    ['after the half-hour gap', 'Australia/Lord_Howe', daily('01:30', '02:30'), '2026-10-03T15:30:00.000Z', false],
    ['the half hour, first', 'Australia/Lord_Howe', daily('01:30', '02:00'), '2026-04-04T14:30:00.000Z', true],
    ['the half hour, second', 'Australia/Lord_Howe', daily('01:30', '02:00'), '2026-04-04T15:29:59.999Z', true],
    ['after both halves', 'Australia/Lord_Howe', daily('01:30', '02:00'), '2026-04-04T15:30:00.000Z', false],
    // Apia had no 2011-12-30, a Friday: Thursday ended at 10:00Z of the 30th, and Saturday began.
    ['the last of Thursday', 'Pacific/Apia', on(['TH'], '00:00', '24:00'), '2011-12-30T09:59:59.999Z', true],
    ['no Friday', 'Pacific/Apia', on(['FR'], '00:00', '24:00'), '2011-12-30T10:00:00.000Z', false],
    ['the first of Saturday', 'Pacific/Apia', on(['SA'], '00:00', '24:00'), '2011-12-30T10:00:00.000Z', true],
  ])('%s (%s)', (_, zone, hours, at, open) => {
    expect(openingHours(hours, zoneOf(zone)).isOpenAt(Date.parse(at))).toBe(open);
  });

  it('several entries are a union', () => {
    const hours = openingHours([...on(['MO'], '09:00', '12:00'), ...on(['MO'], '11:00', '13:00')], zoneOf('UTC'));
    const times = ['08:59', '09:00', '11:30', '12:30', '13:00'].map((time) => Date.parse(`2026-11-09T${time}:00.000Z`));
    expect(times.map((at) => hours.isOpenAt(at))).toEqual([false, true, true, true, false]);
  });
});

describe('the next opening', () => {
  it.each<[string, string, Hours[], string, string | undefined]>([
    ['is now', 'UTC', daily('09:00', '17:00'), '2026-11-09T10:00:00.000Z', '2026-11-09T10:00:00.000Z'],
    ['is later today', 'UTC', daily('09:00', '17:00'), '2026-11-09T08:00:00.000Z', '2026-11-09T09:00:00.000Z'],
    ['is tomorrow', 'UTC', daily('09:00', '17:00'), '2026-11-09T17:00:00.000Z', '2026-11-10T09:00:00.000Z'],
    ['is in a week', 'UTC', on(['MO'], '09:00', '17:00'), '2026-11-09T17:00:00.000Z', '2026-11-16T09:00:00.000Z'],
    [
      'is the end of a skipped hour',
      'Europe/Berlin',
      daily('02:30', '04:00'),
      '2026-03-28T12:00:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'is the moment at which the clock is put back into it',
      'Europe/Berlin',
      daily('02:00', '02:30'),
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:00:00.000Z',
    ],
    [
      'is the second time that the clock shows its beginning',
      'Europe/Berlin',
      daily('02:30', '03:30'),
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ],
  ])('%s', (_, zone, hours, at, opens) => {
    const opening = openingHours(hours, zoneOf(zone)).opensAt(Date.parse(at));
    expect(opening === undefined ? undefined : new Date(opening).toISOString()).toBe(opens);
  });

  it('is computed again when it has passed', () => {
    const hours = openingHours(daily('09:00', '10:00'), zoneOf('UTC'));
    const at = (time: string) => Date.parse(`2026-11-${time}:00.000Z`);
    expect(hours.opensAt(at('09T08:00'))).toBe(at('09T09:00'));
    expect(hours.opensAt(at('09T08:30'))).toBe(at('09T09:00'));
    expect(hours.opensAt(at('09T11:00'))).toBe(at('10T09:00'));
    expect(hours.opensAt(at('09T07:00'))).toBe(at('09T09:00'));
  });
});

describe('the next change', () => {
  const weekend: Hours[] = [
    { days: ['SA'], from: '22:00', to: '02:30' },
    { days: ['SU', 'MO'], from: '02:15', to: '24:00' },
  ];

  it.each([
    ['Europe/Berlin', '2026-03-28T12:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T12:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-03T12:00:00.000Z'],
    ['Pacific/Apia', '2011-12-29T12:00:00.000Z'],
    ['UTC', '2026-11-06T12:00:00.000Z'],
  ])('is the first minute after which they open or close, in %s from %s', (timeZone, from) => {
    const hours = openingHours(weekend, zoneOf(timeZone));
    const [first, minute] = [Date.parse(from), 60_000];
    const changes: number[] = [];
    for (let at = first; at < first + 5 * 86_400_000; at += minute)
      if (hours.isOpenAt(at) !== hours.isOpenAt(at + minute)) changes.push(at + minute);
    const found: number[] = [];
    for (let at = hours.changesAfter(first); at! < first + 5 * 86_400_000; at = hours.changesAfter(at!))
      found.push(at!);
    expect(changes.length).toBeGreaterThan(1);
    expect(found).toEqual(changes);
  });

  it('does not come if they are always open', () => {
    const always = openingHours([{ days: [...DAYS], from: '00:00', to: '24:00' }], zoneOf('UTC'));
    expect(always.changesAfter(Date.parse('2026-11-06T12:00:00.000Z'))).toBeUndefined();
  });
});
