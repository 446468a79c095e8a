import { afterAll, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import type { Order } from '../testing/odd.worker.ts';
import { BackgroundThread } from './background.thread.ts';
import { Turns } from './turns.ts';

const errors: unknown[] = [];
let ends = 0;
const said: unknown[] = [];
const thread = new BackgroundThread(
  {
    entry: new URL('../testing/odd.worker', import.meta.url),
    does: 'is odd',
    ends: { inc: () => void (ends += 1) },
    hears: (what) => void said.push(what),
  },
  { error: (fields: unknown) => void errors.push(fields) },
);
afterAll(() => thread.close());
const turns = new Turns({ atOnce: 3, mostWaiting: 10, waitMs: 5_000, what: 'jobs' });

const ask = (order: Order, { numbers = [] as number[], caller = new AbortController() } = {}): Promise<unknown> =>
  thread.ask({ order, numbers }, { signal: caller.signal, turns, tell: async () => 1_000 });

it('does several jobs, each of which may ask a question', async () => {
  const sums = [[1, 2], [3], []].map((numbers) => ask('add', { numbers }));
  expect(await Promise.all(sums)).toEqual([1_003, 1_003, 1_000]);
});

it('throws the problem for the caller, or a defect', async () => {
  const errors = [{ pointer: '/numbers', message: 'are refused' }];
  await expect(ask('refuse')).rejects.toMatchObject({ status: 400, about: { errors } });
  await expect(ask('fail')).rejects.toMatchObject({
    message: 'a defect',
    code: 'ODD',
    stack: expect.stringMatching(/TypeError: a defect[^]*odd\.worker/),
  });
});

it('sends messages that belong to no job', async () => {
  await ask('say');
  expect(said).toEqual(['odd']);
});

it('fails a job whose question cannot be answered', async () => {
  const { signal } = new AbortController();
  const tell = () => Promise.reject(new Error('Postgres is away'));
  const away = thread.ask({ order: 'add', numbers: [] }, { signal, turns, tell });
  await expect(away).rejects.toThrow('Postgres is away');
});

it('ends the job of a caller who goes, and begins none for a caller who has gone', async () => {
  const caller = new AbortController();
  const waits = ask('wait', { caller });
  await eventually('it waits', async () => (await ask('how many wait')) === 1);
  caller.abort(new Error('gone'));
  await expect(waits).rejects.toThrow('gone');
  expect(await ask('how many wait')).toBe(0);
  await expect(ask('wait', { caller })).rejects.toThrow('gone');
  expect(await ask('how many wait')).toBe(0);
});

it('answers 503 to all jobs of a thread that dies, and begins another thread after a pause', async () => {
  const [waits, dies] = [ask('wait'), ask('die')];
  await expect(waits).rejects.toMatchObject({ status: 503 });
  await expect(dies).rejects.toMatchObject({ status: 503 });
  expect(ends).toBe(1);
  await expect(ask('add')).rejects.toMatchObject({ status: 503 });
  const again = await eventually('another one begins', () => ask('add', { numbers: [1] }).catch(() => undefined));
  expect(again).toBe(1_001);
});
