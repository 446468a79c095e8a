import { describe, expect, it, jest } from '@jest/globals';
import { comesTrue, endsWithin, lastFaults } from './patience.ts';

const [LONG_MS, SHORT_MS] = [60_000, 1];

describe('waiting', () => {
  it('goes on after an error and after false', async () => {
    const answers = [
      () => Promise.reject(new Error('away')),
      () => Promise.resolve(false),
      () => Promise.resolve(true),
    ];
    expect(await comesTrue(LONG_MS, () => answers.shift()!())).toBe(true);
  });

  it('ends when the time is up', async () => {
    expect(await comesTrue(SHORT_MS, () => Promise.resolve(false))).toBe(false);
  });

  it('ends when there is no fault any more', async () => {
    const found = [['one', 'two'], ['two'], []];
    expect(await lastFaults(LONG_MS, () => Promise.resolve(found.shift()!))).toEqual([]);
  });

  it('ends with the faults of the last look', async () => {
    expect(await lastFaults(SHORT_MS, () => Promise.resolve(['one']))).toEqual(['one']);
  });

  it('takes an error for a fault', async () => {
    expect(await lastFaults(SHORT_MS, () => Promise.reject(new Error('away')))).toEqual(['Error: away']);
  });

  it('ends with the work, and leaves no timer', async () => {
    const clear = jest.spyOn(globalThis, 'clearTimeout');
    const start = jest.spyOn(globalThis, 'setTimeout');
    expect(await endsWithin(LONG_MS, Promise.resolve())).toBe(true);
    expect(clear.mock.calls.map(([timer]) => timer)).toEqual([start.mock.results[0]!.value]);
  });

  it('ends without the work when the time is up', async () => {
    expect(await endsWithin(SHORT_MS, new Promise(() => undefined))).toBe(false);
  });
});
