import { describe, expect, it } from '@jest/globals';
import { coalesced } from './coalesced.ts';

describe('coalesced', () => {
  it('shares the next run among callers, and never the run that has begun', async () => {
    const ends: (() => void)[] = [];
    const run = coalesced(() => new Promise<void>((resolve) => ends.push(resolve)));
    const first = run();
    const [second, third] = [run(), run()];
    expect(second).toBe(third);
    expect(ends).toHaveLength(1);
    ends[0]!();
    await first;
    await new Promise(setImmediate);
    expect(ends).toHaveLength(2);
    ends[1]!();
    await Promise.all([second, third]);
  });

  it('runs again after a failure', async () => {
    let runs = 0;
    const run = coalesced(() => (runs++ === 0 ? Promise.reject(new Error('once')) : Promise.resolve()));
    await expect(run()).rejects.toThrow('once');
    await expect(run()).resolves.toBeUndefined();
  });
});
