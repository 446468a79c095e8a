import { expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { thingsSettings } from '../testing/things.service.ts';
import { ROW_COST } from './budget.ts';
import { CostlyWork } from './costly-work.ts';

const ADVICE = 'Ask for less.';
const costly = (environment: Record<string, string> = {}): CostlyWork =>
  new CostlyWork(thingsSettings('http://localhost', environment));

const requestOf = (key: string, user?: string): FastifyRequest =>
  ({
    caller: { key, acting: user !== undefined },
    headers: user === undefined ? {} : { 'x-user-id': user },
    raw: { socket: { destroyed: false } },
  }) as unknown as FastifyRequest;

const never = new Promise<never>(() => undefined);

it('refuses work as soon as it costs too much', async () => {
  const spent: number[] = [];
  const work = costly({ COST_LIMIT: '250' }).run(requestOf('a'), ADVICE, async (budget) => {
    for (;;) {
      budget.spend(ROW_COST);
      spent.push(budget.rows);
    }
  });
  await expect(work).rejects.toMatchObject({
    status: 422,
    about: {
      reason: 'too-costly',
      detail: 'It costs 300 steps or more, and one request may cost 250 (COST_LIMIT). Ask for less.',
    },
  });
  expect(spent).toEqual([1, 0]);
});

it('counts work at once per user whom a service names, otherwise per caller', async () => {
  const work = costly({ COSTLY_AT_ONCE: '2' });
  const start = (key: string, user?: string) => work.run(requestOf(key, user), ADVICE, () => never);
  void start('shop', 'alice');
  void start('other', 'alice');
  await expect(start('shop', 'alice')).rejects.toMatchObject({ status: 429 });
  void start('shop', 'bob');
  void start('shop');
  void start('shop');
  await expect(start('shop')).rejects.toMatchObject({ status: 429 });
});

it('admits the next work when one has ended or failed', async () => {
  const work = costly({ COSTLY_AT_ONCE: '1' });
  const fails = (): Promise<never> => Promise.reject(new Error('broken'));
  await expect(work.run(requestOf('a'), ADVICE, fails)).rejects.toThrow('broken');
  expect(await work.run(requestOf('a'), ADVICE, async () => 'done')).toBe('done');
});

it('admits any number if the setting is 0', async () => {
  const work = costly({ COSTLY_AT_ONCE: '0' });
  for (let count = 0; count < 50; count += 1) void work.run(requestOf('a'), ADVICE, () => never);
  expect(await work.run(requestOf('a'), ADVICE, async () => 'done')).toBe('done');
});

it('ends when the caller goes', async () => {
  const request = requestOf('a');
  const work = costly();
  let done = 0;
  const ends = work.run(request, ADVICE, async (budget) => {
    for (;;) {
      await budget.pause();
      budget.expectCaller();
      done += 1;
      if (done === 3) Object.assign(request.raw.socket, { destroyed: true });
    }
  });
  await expect(ends).rejects.toMatchObject({ status: 499 });
  expect(done).toBe(3);
});
