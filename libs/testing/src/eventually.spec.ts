import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns the first value of the probe that is not false, null or undefined', async () => {
    let asked = 0;
    await expect(
      eventually('the third answer', () => ++asked === 3 && `answer ${asked}`, { everyMs: 1 }),
    ).resolves.toBe('answer 3');
  });

  it('accepts 0 and the empty text as values', async () => {
    expect(await eventually('a number', () => 0)).toBe(0);
    expect(await eventually('a text', () => '')).toBe('');
  });

  it('probes again if the probe throws', async () => {
    let asked = 0;
    const probe = () => {
      if (++asked < 3) throw new Error('not yet');
      return asked;
    };
    expect(await eventually('no throw', probe, { everyMs: 1 })).toBe(3);
  });

  it('fails with the condition it waited for and the last result', async () => {
    const fails = eventually('the moon is blue', () => Promise.reject(new Error('it is grey')), {
      timeoutMs: 20,
      everyMs: 1,
    });
    await expect(fails).rejects.toThrow('not within 20 ms: the moon is blue (last: it is grey)');
  });
});
