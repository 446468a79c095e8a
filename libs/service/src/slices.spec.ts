import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { inSlices, Slices } from './slices.ts';

/** The clock of these tests. Only their work takes time. Unit: ms. */
let clock = 0;
beforeEach(() => void jest.spyOn(performance, 'now').mockImplementation(() => clock));
afterEach(() => void jest.restoreAllMocks());

const here = { raw: { socket: { destroyed: false } } };

/** Work in parts that each take more than a slice. */
function* parts(count: number, log: string[], name = 'part'): Generator<void, string> {
  for (let part = 1; part <= count; part += 1) {
    clock += 4;
    log.push(`${name} ${part}`);
    yield;
  }
  return 'done';
}

describe('work in slices', () => {
  it('is done at once if it is short', () => {
    const short = (function* (): Generator<void, string> {
      return 'done';
    })();
    expect(inSlices(short, here)).toBe('done');
  });

  it('lets all other waiting work run between two slices', async () => {
    const log: string[] = [];
    const done = inSlices(parts(3, log), here);
    const others = (async () => {
      for (let turn = 1; turn <= 3; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`other ${turn}`);
      }
    })();
    expect(await done).toBe('done');
    await others;
    expect(log).toEqual(['part 1', 'part 2', 'other 1', 'part 3', 'other 2', 'other 3']);
  });

  it('runs only one slice per turn of the event loop, of all work together', async () => {
    const log: string[] = [];
    const works = ['a', 'b', 'c', 'd'].map((name) => inSlices(parts(3, log, name), here));
    let turn = 0;
    const turns: number[] = [];
    const probe = (): void => {
      turns.push(log.length);
      if (log.length < 12 && (turn += 1) < 100) setImmediate(probe);
    };
    setImmediate(probe);
    expect(await Promise.all(works)).toEqual(['done', 'done', 'done', 'done']);
    const slices = turns.map((count, index) => count - (turns[index - 1] ?? count));
    expect(Math.max(...slices)).toBe(1);
  });

  it('gives other work up to three times the duration of the slice', async () => {
    const log: string[] = [];
    const done = inSlices(parts(4, log), here);
    const others = (async () => {
      for (let task = 1; task <= 20; task += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        clock += 1;
        log.push('other');
      }
    })();
    expect(await done).toBe('done');
    await others;
    const between = log
      .join(' ')
      .split(/part \d/)
      .map((part) => part.split('other').length - 1);
    // A part takes four milliseconds, then others twelve. The third pause has other work for only eight.
    expect(between.slice(2)).toEqual([12, 8, 0]);
  });

  it('ends when the caller goes, before the next part', async () => {
    const log: string[] = [];
    const asked = { raw: { socket: { destroyed: false } } };
    const done = inSlices(parts(50, log), asked);
    asked.raw.socket.destroyed = true;
    await expect(done).rejects.toMatchObject({ status: 499 });
    expect(log).toEqual(['part 1']);
  });

  it('begins a new slice after each turn', async () => {
    const slices = new Slices(here);
    clock += 1;
    expect(slices.over).toBe(true);
    await slices.giveWay();
    expect(slices.over).toBe(false);
  });
});
