import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('gives what the probe gives, once it gives something', async () => {
    let asked = 0;
    await expect(
      eventually('the third answer', () => ++asked === 3 && `answer ${asked}`, { everyMs: 1 }),
    ).resolves.toBe('answer 3');
  });

  it('takes 0 and the empty text for answers', async () => {
    expect(await eventually('a number', () => 0)).toBe(0);
    expect(await eventually('a text', () => '')).toBe('');
  });

  it('takes a throw for not yet', async () => {
    let asked = 0;
    const probe = () => {
      if (++asked < 3) throw new Error('not yet');
      return asked;
    };
    expect(await eventually('no throw', probe, { everyMs: 1 })).toBe(3);
  });

  it('fails with what it waited for and what it saw last', async () => {
    const fails = eventually('the moon is blue', () => Promise.reject(new Error('it is grey')), {
      timeoutMs: 20,
      everyMs: 1,
    });
    await expect(fails).rejects.toThrow('not within 20 ms: the moon is blue (last: it is grey)');
  });
});
