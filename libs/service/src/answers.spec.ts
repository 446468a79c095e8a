import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startThings, type Things } from '../testing/things.service.ts';

describe('answers', () => {
  let things: Things;
  beforeAll(async () => {
    things = await startThings();
  });
  afterAll(() => things.stop());

  it('hide the internals of a bug', async () => {
    const answer = await things.call('GET', '/v1/things/bug');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
    expect(answer.body.requestId).toBeTruthy();
  });

  it('of a handler that Fastify calls itself have its status, headers and refusals', async () => {
    const claim = (id: string) =>
      things.call('POST', `/v1/things/${id}/claims`, {
        scope: 'claims:write',
        body: '{"a":1}',
        headers: { 'idempotency-key': 'k' },
      });
    const [made, refused] = [await claim('7'), await claim('refused')];
    expect([made.status, made.headers.get('location'), made.body.body]).toEqual([201, '/v1/claims/7', { a: 1 }]);
    expect(made.headers.get('x-content-type-options')).toBe('nosniff');
    expect([refused.status, refused.body.reason, refused.headers.get('submission-id')]).toEqual([
      409,
      'sold-out',
      's1',
    ]);
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('have reason and headers of a refusal', async () => {
    const answer = await things.call('GET', '/v1/things/refused');
    expect(answer).toMatchObject({ status: 409, body: { reason: 'sold-out' } });
    expect(answer.headers.get('submission-id')).toBe('s1');
  });

  it.each([
    ['GET', '/nowhere', 404],
    ['PATCH', '/v1/things/1', 404],
    ['POST', '/nowhere', 404],
    ['GET', '/v1/things/%zz', 400],
    ['GET', '/v1/things/1', 404],
  ])('are problem details: %s %s is %i', async (method, path, status) => {
    const answer = await things.call(method, path, method === 'POST' ? { body: '{' } : {});
    expect(answer).toMatchObject({ status, body: { status, type: 'about:blank' } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'after=x', 'after=W10'])(
    'refuse a list with %s',
    async (query) => {
      expect((await things.call('GET', `/v1/things?${query}`, { scope: 'vouchers:read' })).status).toBe(400);
    },
  );

  it('accept a list of 200', async () => {
    expect((await things.call('GET', '/v1/things?limit=200', { scope: 'vouchers:read' })).body).toEqual({ limit: 200 });
  });

  it('can be read by the named origins, also if they are errors', async () => {
    const { headers } = await things.call('GET', '/v1/things', { headers: { origin: 'https://shop.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(headers.get('access-control-expose-headers')).toContain('Voucher-Position');
    const stranger = await things.call('GET', '/v1/things', { headers: { origin: 'https://evil.example' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    const service = await things.call('GET', '/v1/things');
    expect([service.headers.get('vary'), service.headers.get('access-control-expose-headers')]).toEqual([
      'Origin',
      null,
    ]);
  });

  it('allow the preflight request of a browser', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'PUT' };
    const preflight = await things.call('OPTIONS', '/v1/things/1', { headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, HEAD, POST, PUT, DELETE',
    ]);
  });

  it('have health, metrics and documents without a token', async () => {
    expect((await things.call('GET', '/health/live')).body).toEqual({ status: 'ok' });
    expect((await things.call('GET', '/health/ready')).status).toBe(200);
    expect((await things.call('GET', '/metrics')).text).toContain('http_request_duration_seconds');
    expect((await things.call('GET', '/docs')).status).toBe(200);
  });

  it('are documented with bodies, headers and scopes from the code', async () => {
    const { paths } = (await things.call('GET', '/docs-json')).body;
    const claim = paths['/v1/things/{id}/claims'].post;
    expect(claim.requestBody.content['application/json'].schema.required).toEqual(['a']);
    expect(claim.security).toEqual([{ token: ['claims:write'] }, { token: ['claims:act'] }]);
    expect(claim.parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['Idempotency-Key', 'X-User-Id']),
    );
  });

  it('that never end do not keep a service from stopping', async () => {
    const stopping = await startThings();
    const stream = await fetch(`${stopping.base}/v1/things/stream`);
    const reader = stream.body!.getReader();
    expect(String(new TextDecoder().decode((await reader.read()).value))).toContain('first');
    await stopping.stop();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow();
  }, 10_000);
});
