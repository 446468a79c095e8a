import { expect, it } from '@jest/globals';
import { Pace, timesOfThread } from './pace.ts';

let ranMs = 0;
let waitedMs = 0;
const pace = new Pace(() => ({ ranMs, waitedMs }));

/** Runs and waits for a core, then says how long to rest. */
function rest(ran: number, waited: number): number {
  ranMs += ran;
  waitedMs += waited;
  return pace.restMs();
}

it.each([
  ['goes on while a core is free', 5, 0, 0],
  ['goes on if it waited for a core for a moment only', 5, 0.5, 0],
  ['rests nine times as long as it ran if it had to wait for a core', 5, 0.6, 45],
  ['rests for 100 ms at most', 50, 500, 100],
])('%s', (_what, ran, waited, expected) => {
  expect(rest(ran, waited)).toBeCloseTo(expected);
});

it('judges parts of a millisecond together', () => {
  expect(rest(0.6, 1)).toBe(0);
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
