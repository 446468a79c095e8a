import { beforeEach, expect, it } from '@jest/globals';
import { Pace, timesOfThread } from './pace.ts';

let ranMs: number;
let waitedMs: number;
let pace: Pace;

beforeEach(() => {
  ranMs = waitedMs = 0;
  pace = new Pace(() => ({ ranMs, waitedMs }));
});

/** Runs and waits for a core, then says how long to rest. */
function rest(ran: number, waited: number): number {
  ranMs += ran;
  waitedMs += waited;
  return pace.restMs();
}

it.each([
  ['goes on while a core is free', 5, 0, 0],
  ['goes on if it waited for a core for a shorter time than it ran', 5, 4.9, 0],
  ['rests nine times as long as it ran if it waited longer', 5, 5.1, 45],
  ['rests for 100 ms at most', 50, 500, 100],
])('%s', (_what, ran, waited, expected) => {
  expect(rest(ran, waited)).toBeCloseTo(expected);
});

it('goes on after a single long wait, and rests after several', () => {
  for (let part = 0; part < 10; part += 1) expect(rest(5, 0)).toBe(0);
  expect(rest(5, 15)).toBe(0);
  expect(rest(5, 15)).toBeGreaterThan(0);
});

it('rests no more soon after a core is free again', () => {
  expect(rest(5, 20)).toBeGreaterThan(0);
  const rests = Array.from({ length: 20 }, () => rest(5, 0));
  expect(rests.indexOf(0)).toBeLessThan(10);
  expect(rests.at(-1)).toBe(0);
});

it('judges parts of a millisecond together', () => {
  expect(rest(0.6, 1.5)).toBe(0);
  expect(rest(0.6, 0)).toBeCloseTo(10.8);
  expect(rest(0, 0)).toBe(0);
});

it('never rests if the system does not tell', () => {
  expect(new Pace(() => undefined).restMs()).toBe(0);
});

it.each(process.platform === 'linux' ? ['Linux'] : [])('reads the times of its own thread on %s', () => {
  const before = timesOfThread()!;
  const until = performance.now() + 20;
  while (performance.now() < until);
  const after = timesOfThread()!;
  expect(after.ranMs).toBeGreaterThan(before.ranMs);
  expect(after.waitedMs).toBeGreaterThanOrEqual(before.waitedMs);
});
