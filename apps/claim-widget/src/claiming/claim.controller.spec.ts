import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../platform/platform.client.ts';
import { ClaimController } from './claim.controller.ts';
import { attemptStorage } from './kept-attempt.ts';
import { sessionStore, type Store } from './session.ts';

type Reply = Answer<never>;
const reply = (status: number, body: unknown = {}, headers: Record<string, string> = {}): Reply => ({
  type: 'answered',
  status,
  body: body as never,
  headers: new Headers(headers),
});
const BODY = '{"pageSlug":"spring"}';
const PENDING = reply(202, {}, { location: '/v1/submissions/s' });
const CLAIMED = reply(201, { id: 'c' });

let store: Store;
/** Requests in order, each with the function that answers it. */
let asked: { what: string; key?: string; body?: string; answer: (reply: Reply) => Promise<void> }[];
let timers: { ms: number; run: () => void }[];
let world: { online: boolean; visible: boolean; subject: string };
let keys: number;

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const request = (about: { what: string; key?: string; body?: string }) =>
  new Promise<Reply>((resolve) => {
    asked.push({ ...about, answer: (given) => (resolve(given), settled()) });
  });
const elapse = () => (timers.pop()?.run(), settled());

/** The controller of a page that was just loaded. */
function controller(): ClaimController {
  const dependencies = {
    client: {
      send: (what: string, id: string, key: string, body: string) => request({ what: `${what} ${id}`, key, body }),
      submission: (location: string) => request({ what: location }),
      subject: () => Promise.resolve(world.subject),
    },
    now: () => 1,
    after: (ms: number, run: () => void) => {
      const timer = { ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    online: () => world.online,
    visible: () => world.visible,
    newKey: () => `key-${++keys}`,
  };
  return new ClaimController('v', attemptStorage(store, 'v'), dependencies, () => undefined);
}

beforeEach(() => {
  store = sessionStore(() => {
    throw new Error('forbidden');
  });
  [asked, timers, keys] = [[], [], 0];
  world = { online: true, visible: true, subject: 'alice' };
});

describe('a claim', () => {
  it('is sent once, even if it is pressed several times', async () => {
    const one = controller();
    await Promise.all(Array.from({ length: 20 }, () => one.press('claim', 'spring')));
    expect(asked).toMatchObject([{ what: 'claim v', key: 'key-1', body: BODY }]);
    await asked[0]!.answer(CLAIMED);
    expect([one.attempt.status, store.getItem('v')]).toEqual(['granted', null]);
  });

  it('keeps its key and body after a 503, a retry and a press', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    await asked[0]!.answer(reply(503));
    expect(timers).toMatchObject([{ ms: 1_000 }]);
    await elapse();
    await asked[1]!.answer(reply(503));
    await one.press('claim', 'another');
    expect(asked.map(({ key, body }) => [key, body])).toEqual(Array(3).fill(['key-1', BODY]));
    expect(timers).toEqual([]);
  });

  it('has another key after it was refused', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    await asked[0]!.answer(reply(409, { reason: 'paused' }));
    expect(one.attempt).toEqual({ status: 'refused', request: 'claim', reason: 'paused' });
    await one.press('claim', 'spring');
    expect(asked.map(({ key }) => key)).toEqual(['key-1', 'key-2']);
  });

  it('is polled at its Location until it is decided', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    await asked[0]!.answer(PENDING);
    for (const ms of [500, 1_000]) {
      expect(timers).toMatchObject([{ ms }]);
      await elapse();
      await asked.at(-1)!.answer(reply(200, { status: 'pending' }));
    }
    await elapse();
    await asked.at(-1)!.answer(reply(200, { status: 'accepted', claim: { id: 'c' } }));
    expect(asked.slice(1).map(({ what }) => what)).toEqual(Array(3).fill('/v1/submissions/s'));
    expect(one.attempt).toEqual({ status: 'granted', request: 'claim', claim: { id: 'c' } });
    expect([timers, store.getItem('v')]).toEqual([[], null]);
  });

  it.each(['online', 'visible'] as const)('is not polled while the page is not %s', async (what) => {
    const one = controller();
    await one.press('claim', 'spring');
    await asked[0]!.answer(PENDING);
    world[what] = false;
    await elapse();
    expect(asked).toHaveLength(1);
    world[what] = true;
    await one.wake();
    expect(asked).toHaveLength(2);
  });

  it('goes on after a reload with the same key and body', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    await asked[0]!.answer(PENDING);
    one.stop();
    const two = controller();
    await two.resume();
    expect(asked[1]).toMatchObject({ what: 'claim v', key: 'key-1', body: BODY });
    await asked[1]!.answer(CLAIMED);
    expect([two.attempt.status, one.attempt.status]).toEqual(['granted', 'none']);
  });

  it('does not go on for another user', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    one.stop();
    world.subject = 'bob';
    const two = controller();
    await two.resume();
    expect([asked.length, two.attempt.status]).toEqual([1, 'none']);
    await two.press('claim', 'spring');
    expect(asked[1]).toMatchObject({ key: 'key-2' });
  });

  it('is sent when the network is back, if it was pressed offline', async () => {
    const one = controller();
    world.online = false;
    await one.press('claim', 'spring');
    expect([asked.length, one.attempt.status]).toEqual([0, 'offline']);
    world.online = true;
    await one.wake();
    expect(asked).toMatchObject([{ key: 'key-1' }]);
  });

  it('is sent again with the same key if the network failed meanwhile', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    world.online = false;
    await asked[0]!.answer({ type: 'unreachable' });
    world.online = true;
    await one.wake();
    expect(asked.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
  });

  it('goes on when its user is signed in again', async () => {
    const one = controller();
    await one.press('claim', 'spring');
    await asked[0]!.answer({ type: 'signed-out' });
    expect(one.attempt.status).toBe('signed-out');
    await one.wake();
    expect(asked.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
  });

  it('is sent as stored by a widget that only claimed', async () => {
    store.setItem('v', JSON.stringify({ key: 'old', body: BODY, since: 0, subject: 'alice' }));
    await controller().resume();
    expect(asked).toMatchObject([{ what: 'claim v', key: 'old', body: BODY }]);
  });
});

it('an extension goes on after a reload, for its claim', async () => {
  const one = controller();
  await one.press('extend', 'spring', 'claim-1');
  one.stop();
  const two = controller();
  await two.resume();
  expect(asked.map(({ what, key, body }) => [what, key, body])).toEqual(
    Array(2).fill(['extend claim-1', 'key-1', '{}']),
  );
  await asked[1]!.answer(reply(200, { id: 'claim-1' }));
  expect(two.attempt).toEqual({ status: 'granted', request: 'extend', claim: { id: 'claim-1' } });
  two.pageLoaded();
  expect(two.attempt).toMatchObject({ shown: true });
});
