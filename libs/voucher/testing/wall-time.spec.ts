// Compares hours and durations of decider (Temporal) and model (Intl) around all kinds of changes of the clocks.
import { describe, expect, it } from '@jest/globals';
import { plus, spanOf } from '../src/time/duration.ts';
import { openingHours } from '../src/time/hours.ts';
import { zoneOf } from '../src/time/zone.ts';
import { later, withinHours } from './calendar.ts';
import { Random, SEED } from './random.ts';
import { CHANGES, DAY_MS, HOUR_MS } from './spec.generator.ts';

const ZONES: typeof CHANGES = [
  ...CHANGES,
  ['Africa/Casablanca', '2026-03-22T02:00:00Z'],
  // The clocks of these zones change at midnight, so a day begins at 01:00 or twice.
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['America/Sao_Paulo', '2019-02-17T02:00:00Z'],
  ['Asia/Beirut', '2022-03-26T22:00:00Z'],
  ['Europe/Dublin', '2026-10-25T01:00:00Z'],
];
const DURATIONS = ['P1D', 'P2D', 'P1W', 'P1M', 'P1Y', 'P1DT1H', 'PT24H', 'P0D', 'P1M30D', 'P1Y2M3W4DT5H6M7.089S'];
const CLOCKS = ['00:00', '01:00', '01:30', '01:45', '02:00', '02:15', '02:30', '03:00', '22:00', '23:30'];

function somewhen(random: Random, change: string): number {
  const reach = random.oneOf([2 * HOUR_MS, 2 * DAY_MS, 40 * DAY_MS]);
  const at = Date.parse(change) + random.between(-reach, reach);
  const quarter = Math.round(at / 900_000) * 900_000;
  return random.chance(0.7) ? quarter + random.oneOf([-1, 0, 0, 1]) : at;
}

describe(`wall time (SEED=${SEED})`, () => {
  it('is the same in decider and model: durations', () => {
    const random = new Random(SEED);
    for (let number = 0; number < 3_000; number++) {
      const [zone, change] = random.oneOf(ZONES);
      const at = somewhen(random, change);
      const duration = random.oneOf(DURATIONS);
      const asked = [zone, new Date(at).toISOString(), duration];
      expect([...asked, plus(at, spanOf(duration), zoneOf(zone))]).toEqual([...asked, later(at, duration, zone)]);
    }
  });

  it('is the same in decider and model: hours', () => {
    const random = new Random(SEED);
    for (let number = 0; number < 3_000; number++) {
      const [zone, change] = random.oneOf(ZONES);
      const at = somewhen(random, change);
      const from = random.oneOf(CLOCKS);
      const to = random.oneOf([...CLOCKS, '24:00'].filter((clock) => clock !== from));
      const days = (['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const).filter(() => random.chance(0.4));
      const hours = [{ days, from, to }];
      const asked = [zone, new Date(at).toISOString(), JSON.stringify(hours)];
      expect([...asked, openingHours(hours, zoneOf(zone)).isOpenAt(at)]).toEqual([
        ...asked,
        withinHours(at, hours, zone),
      ]);
    }
  });
});
