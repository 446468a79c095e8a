import { afterAll, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import type { Order } from '../testing/odd.worker.ts';
import { BackgroundThread } from './background.thread.ts';

const errors: unknown[] = [];
const thread = new BackgroundThread(new URL('../testing/odd.worker.ts', import.meta.url), {
  error: (fields: unknown) => void errors.push(fields),
});
afterAll(() => thread.stop());

const ask = (order: Order, { numbers = [] as number[], caller = new AbortController() } = {}): Promise<unknown> =>
  thread.ask({ order, numbers }, caller.signal, async () => 1_000);

it('does several jobs, each of which may ask back', async () => {
  const sums = [[1, 2], [3], []].map((numbers) => ask('add', { numbers }));
  expect(await Promise.all(sums)).toEqual([1_003, 1_003, 1_000]);
});

it('hands on what its caller is told, and tells a defect apart', async () => {
  const errors = [{ pointer: '/numbers', message: 'are refused' }];
  await expect(ask('refuse')).rejects.toMatchObject({ status: 400, about: { errors } });
  await expect(ask('fail')).rejects.toThrow(/in the background thread: TypeError: a defect/);
});

it('fails a job whose question cannot be answered', async () => {
  const away = thread.ask({ order: 'add', numbers: [] }, new AbortController().signal, () =>
    Promise.reject(new Error('Postgres is away')),
  );
  await expect(away).rejects.toThrow('Postgres is away');
});

it('ends the job of a caller who goes, and begins none for one who has gone', async () => {
  const caller = new AbortController();
  const waits = ask('wait', { caller });
  await eventually('it waits', async () => (await ask('how many wait')) === 1);
  caller.abort(new Error('gone'));
  await expect(waits).rejects.toThrow('gone');
  await eventually('it is over', async () => (await ask('how many wait')) === 0);
  await expect(ask('wait', { caller })).rejects.toThrow('gone');
  expect(await ask('how many wait')).toBe(0);
});

it('answers 503 to all whose thread dies, and begins another', async () => {
  const [waits, dies] = [ask('wait'), ask('die')];
  await expect(waits).rejects.toMatchObject({ status: 503 });
  await expect(dies).rejects.toMatchObject({ status: 503 });
  expect(await ask('add', { numbers: [1] })).toBe(1_001);
});
