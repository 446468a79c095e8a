import { expect, it } from '@jest/globals';
import { Turns } from './turns.ts';

const made = (waitMs = 5_000) => new Turns({ atOnce: 1, mostWaiting: 2, waitMs, what: 'jobs' });
const { signal } = new AbortController();

it('lets waiters run in order, whether the work before succeeds or fails', async () => {
  const turns = made();
  const log: number[] = [];
  const first = Promise.withResolvers<void>();
  const work = [
    turns.take(signal, () => first.promise),
    turns.take(signal, async () => void log.push(1)),
    turns.take(signal, async () => log.push(2)),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual([]);
  first.reject(new Error('failed'));
  await expect(work[0]).rejects.toThrow('failed');
  await Promise.all(work.slice(1));
  expect(log).toEqual([1, 2]);
  expect(await turns.take(signal, async () => 'free again')).toBe('free again');
});

it('refuses if too many wait; a waiter that leaves makes room', async () => {
  const turns = made();
  const first = Promise.withResolvers<void>();
  const runs = turns.take(signal, () => first.promise);
  const caller = new AbortController();
  const leaves = turns.take(caller.signal, async () => 'never');
  const waits = turns.take(signal, async () => 'waited');
  await expect(turns.take(signal, async () => 'never')).rejects.toMatchObject({ status: 429 });
  caller.abort(new Error('gone'));
  await expect(leaves).rejects.toThrow('gone');
  const next = turns.take(signal, async () => 'next');
  first.resolve();
  expect(await Promise.all([runs, waits, next])).toEqual([undefined, 'waited', 'next']);
});

it('refuses a waiter that waits too long', async () => {
  const turns = made(1);
  const first = Promise.withResolvers<void>();
  const runs = turns.take(signal, () => first.promise);
  await expect(turns.take(signal, async () => 'never')).rejects.toMatchObject({ status: 503 });
  first.resolve();
  await runs;
  expect(await turns.take(signal, async () => 'free again')).toBe('free again');
});
