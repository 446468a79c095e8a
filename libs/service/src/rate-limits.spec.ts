import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { startThings, type Answer, type Things } from '../testing/things.service.ts';

const MANY = 12;

/** Sends this many requests at once. */
const burst = (ask: () => Promise<Answer>): Promise<Answer[]> => Promise.all(Array.from({ length: MANY }, ask));
const refusedOf = async (ask: () => Promise<Answer>): Promise<Answer | undefined> =>
  (await burst(ask)).find(({ status }) => status === 429);
/** Repeats bursts, because a slow machine may need several of them to exceed the limit. */
const refused = (ask: () => Promise<Answer>): Promise<Answer> => eventually('one is refused', () => refusedOf(ask));

describe('more requests per second than the settings allow', () => {
  let things: Things;
  beforeAll(async () => {
    things = await startThings(undefined, { RATE_LIMIT_CALLER: '8', RATE_LIMIT_USER: '3' });
  });
  afterAll(() => things.stop());

  const asCaller = async (sub: string): Promise<() => Promise<Answer>> => {
    const token = await things.issuer.signToken({ sub, scope: 'vouchers:read' });
    return () => things.call('GET', '/v1/things', { token });
  };

  it('are refused with 429 and Retry-After as problem details, and accepted again later', async () => {
    const ask = await asCaller('eager');
    const one = await refused(ask);
    expect(one.body).toMatchObject({ status: 429, title: 'Too Many Requests' });
    expect(one.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(one.headers.get('retry-after'))).toBe(1);
    await eventually('it is taken', async () => (await ask()).status === 200);
  });

  it('are counted per caller', async () => {
    await refused(await asCaller('first'));
    expect((await (await asCaller('second'))()).status).toBe(200);
  });

  it('do not include health and metrics', async () => {
    for (const path of ['/health/live', '/metrics'])
      expect(await refusedOf(() => things.call('GET', path))).toBeUndefined();
  });
});

it('requests are counted per user for whom a service acts', async () => {
  const things = await startThings(undefined, { RATE_LIMIT_CALLER: '0', RATE_LIMIT_USER: '3' });
  try {
    const token = await things.issuer.signToken({ sub: 'a-service', scope: 'claims:act' });
    const ask = (user: string) => (): Promise<Answer> =>
      things.call('POST', '/v1/things/1/claims', {
        token,
        headers: { 'x-user-id': user, 'idempotency-key': 'k' },
        body: '{"a":"x"}',
      });
    await refused(ask('ann'));
    expect((await ask('bob')()).status).not.toBe(429);
  } finally {
    await things.stop();
  }
});

it('any number is accepted if the limits are 0', async () => {
  const things = await startThings(undefined, { RATE_LIMIT_CALLER: '0', RATE_LIMIT_USER: '0' });
  try {
    const token = await things.issuer.signToken({ scope: 'vouchers:read' });
    for (let time = 0; time < 8; time += 1)
      expect(await refusedOf(() => things.call('GET', '/v1/things', { token }))).toBeUndefined();
  } finally {
    await things.stop();
  }
});
