import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { persistently, repeatedly } from './persistence.ts';

describe('work that is repeated', () => {
  it('begins at once and is repeated, also after a failure, which is reported', async () => {
    const stopping = new AbortController();
    const onFailure = jest.fn();
    const work = jest.fn(async () => {
      if (work.mock.calls.length === 2) throw new Error('away');
      if (work.mock.calls.length === 4) stopping.abort();
    });
    await repeatedly(work, { everyMs: 1, signal: stopping.signal, onFailure });
    expect(work).toHaveBeenCalledTimes(4);
    expect(onFailure.mock.calls).toEqual([[new Error('away')]]);
  });

  it('pauses for the given time, and for another time after a failure', async () => {
    const stopping = new AbortController();
    const work = jest.fn(() => Promise.reject(new Error('away')));
    const repeating = repeatedly(work, {
      everyMs: 60_000,
      afterFailureMs: 1,
      signal: stopping.signal,
      onFailure: () => work.mock.calls.length === 3 && stopping.abort(),
    });
    await repeating;
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('ends by the signal: a pause is cut off, but work is not', async () => {
    const stopping = new AbortController();
    let ended = 0;
    const repeating = repeatedly(() => pause(20).then(() => void (ended += 1)), {
      everyMs: 60_000,
      signal: stopping.signal,
      onFailure: () => undefined,
    });
    stopping.abort();
    await repeating;
    expect(ended).toBe(1);
  });
});

describe('work that is done persistently', () => {
  const logger = { info: jest.fn(), warn: jest.fn() };

  it('is tried until it works, and then logs that', async () => {
    let tries = 0;
    const attempt = async () => {
      if ((tries += 1) < 2) throw new Error('refused');
      return tries;
    };
    expect(await persistently(attempt, { name: 'Kafka', logger })).toBe(2);
    expect([logger.warn.mock.calls, logger.info.mock.calls]).toEqual([
      [['waiting for Kafka: refused']],
      [['Kafka is there']],
    ]);
  });

  it('gives up with the signal’s reason', async () => {
    const stopping = new AbortController();
    const attempt = () => Promise.reject(new Error('refused'));
    const trying = persistently(attempt, { name: 'Kafka', logger, signal: stopping.signal });
    stopping.abort(new Error('the service stops'));
    await expect(trying).rejects.toThrow('the service stops');
  });
});
