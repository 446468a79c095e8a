import { describe, expect, it } from '@jest/globals';
import type { Windows } from '@vouchers/contracts';
import { grainOf, momentAt, positionOf, sampleOf, scaleOf, ticksOf } from './axis-scale.ts';

const day = (date: string): string => `2026-${date}T00:00:00.000Z`;
const at = (date: string): number => Date.parse(day(date));
const valid = { from: day('11-01'), to: day('12-01') };
const windows: Windows = { timeZone: 'UTC', valid, claim: valid, use: valid };

it('a position on the axis converts back to the same moment', () => {
  const scale = scaleOf(windows);
  expect(momentAt(scale, positionOf(scale, at('11-10')) / 100)).toBeCloseTo(at('11-10'), -1);
  expect([positionOf(scale, at('01-01')), positionOf(scale, Date.parse('2027-06-01'))]).toEqual([0, 100]);
});

it('the ticks are midnights of the zone, even across a clock change', () => {
  const ticks = ticksOf({ from: at('10-20'), to: at('11-01') }, 'Europe/Berlin');
  const shown = ticks.map((tick) =>
    new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(tick),
  );
  expect(ticks.length).toBeGreaterThan(3);
  expect(new Set(shown)).toEqual(new Set(['00:00']));
});

it.each([
  [14, 'hour'],
  [15, 'day'],
  [0.5, 'minute'],
])('on %d days a drag snaps to the %s', (days, grain) =>
  expect(grainOf({ from: 0, to: days * 86_400_000 })).toBe(grain),
);

describe('the sample claim', () => {
  it('is usable after its delay, within the valid window', () =>
    expect(sampleOf({ ...windows, use: { afterClaim: { delay: 'P1D', length: 'P60D' } } })).toEqual({
      at: at('11-01'),
      from: at('11-02'),
      to: at('12-01'),
    }));
  it('does not exist for fixed dates or an invalid duration', () => {
    expect(sampleOf(windows)).toBeUndefined();
    expect(sampleOf({ ...windows, use: { afterClaim: { delay: 'P1D', length: 'soon' } } })).toBeUndefined();
  });
});
