import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { startThings, type Things } from '../testing/things.service.ts';
import { forbidden, unauthorized } from './problem.ts';
import { Refusals } from './refusals.ts';

let things: Things;
beforeAll(async () => {
  things = await startThings();
});
afterAll(() => things.stop());

async function counted(): Promise<Record<string, number>> {
  const { text } = await things.call('GET', '/metrics');
  const lines = [...text.matchAll(/^access_refused_total\{status="(\d+)",why="([\w-]+)"\} (\d+)$/gm)];
  return Object.fromEntries(lines.map(([, status, why, count]) => [`${status} ${why}`, Number(count)]));
}

describe('a call that is refused', () => {
  it('is counted by its status and why, and nothing else of it', async () => {
    const before = await counted();
    await things.call('GET', '/v1/things');
    await things.call('GET', '/v1/things', { token: 'x' });
    await things.call('GET', '/v1/things', { scope: 'vouchers:write' });
    await things.call('GET', '/v1/things', { scope: 'vouchers:read', headers: { 'x-user-id': 'bob' } });
    await things.call('GET', '/v1/things', { scope: 'vouchers:read' });
    await things.call('GET', '/v1/none');
    const after = await counted();
    expect(after['401 missing']! - (before['401 missing'] ?? 0)).toBe(1);
    expect(after['401 malformed']! - (before['401 malformed'] ?? 0)).toBe(1);
    expect(after['403 scope']! - (before['403 scope'] ?? 0)).toBe(2);
    expect(Object.keys(after).sort()).toEqual(['401 malformed', '401 missing', '403 scope']);
  });

  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const request = {
    id: 'r1',
    method: 'GET',
    headers: { authorization: 'Bearer secret' },
    routeOptions: { url: '/v1/things/:id' },
    caller: { sub: 'mallory', team: 'red', attributes: { tier: 'gold' } },
  } as unknown as FastifyRequest;

  it('is logged with who, what and why, without the token', () => {
    const refusals = new Refusals(logger);
    refusals.note(request, forbidden('One of these scopes is needed: vouchers:read.'));
    refusals.note({ ...request, caller: undefined } as FastifyRequest, unauthorized('missing'));
    const [first, second] = lines.splice(0);
    expect(first).toMatchObject({
      ...{ msg: 'refused', status: 403, method: 'GET', route: '/v1/things/:id', requestId: 'r1' },
      ...{ sub: 'mallory', team: 'red', detail: 'One of these scopes is needed: vouchers:read.' },
    });
    expect(second).toMatchObject({ status: 401, detail: 'A valid bearer token is needed.' });
    expect(JSON.stringify([first, second])).not.toMatch(/secret|gold/);
  });

  it('cannot fill the log', () => {
    const refusals = new Refusals(logger);
    for (let n = 0; n < 1_000; n++) refusals.note(request, unauthorized('missing'));
    expect(lines.splice(0)).toHaveLength(20);
  });
});
