import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Delete, Get, Module, Param, Post, Put, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AboutUser,
  BodyLimit,
  CompiledBody,
  conflict,
  CurrentCaller,
  loadSettings,
  NeedsIdempotencyKey,
  NeedsIfMatch,
  notFound,
  paging,
  Public,
  Scopes,
  ServiceSettings,
  startService,
  type Caller,
} from './index.ts';

class Inner {
  @IsInt() amount!: number;
}
class Outer {
  @IsString() name!: string;
  @ValidateNested() @Type(() => Inner) inner!: Inner;
  @ValidateNested({ each: true }) @Type(() => Inner) list: Inner[] = [];
}
const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], additionalProperties: false };

@Controller('v1/things')
class ThingsController {
  @Get() @Scopes('vouchers:read') list(@Query() query: Record<string, unknown>): unknown {
    return paging(query, 2);
  }
  @Get(':id') @Public() read(@Param('id') id: string): unknown {
    if (id === 'bug') throw new Error('secret internals');
    if (id === 'refused') throw conflict('sold-out', { 'submission-id': 's1' });
    throw notFound();
  }
  @Post() @Scopes('vouchers:write') make(@Body() body: Outer): unknown {
    return body;
  }
  @Put(':id') @Scopes('vouchers:write') @NeedsIfMatch() @BodyLimit(1_000) change(@Body() body: Outer): unknown {
    return body;
  }
  @Post(':id/claims') @Scopes('claims:write', 'claims:act') @AboutUser() @NeedsIdempotencyKey() claim(
    @Body(new CompiledBody(SCHEMA)) body: unknown,
    @CurrentCaller() caller: Caller,
  ): unknown {
    return { body, ...caller, scopes: [...caller.scopes] };
  }
  @Delete(':id') @Scopes('claims:write', 'claims:act') @AboutUser('optional') release(
    @CurrentCaller() caller: Caller,
  ): unknown {
    return { userId: caller.userId ?? null, attributes: caller.userAttributes };
  }
}
@Module({ controllers: [ThingsController] })
class ThingsModule {}

@Controller()
class OpenController {
  @Get('open') open(): string {
    return 'to all';
  }
}
@Module({ controllers: [OpenController] })
class OpenModule {}

class ThingsSettings extends ServiceSettings {
  readonly service = 'config';
}

describe('a service', () => {
  let app: NestFastifyApplication;
  let base: string;
  let issuer: string;
  let jwks: Server;
  let key: CryptoKey;
  let foreign: CryptoKey;
  const environment = (): NodeJS.ProcessEnv => ({
    PORT: '0',
    OIDC_ISSUER: issuer,
    LOG_LEVEL: 'silent',
    CORS_ORIGINS: 'https://shop.example',
  });

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    ({ privateKey: foreign } = await generateKeyPair('ES256'));
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    jwks = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/jwks` }));
    }).listen(0);
    issuer = `http://localhost:${(jwks.address() as AddressInfo).port}`;
    app = await startService(ThingsModule, loadSettings(ThingsSettings, environment()));
    base = (await app.getUrl()).replace('[::1]', 'localhost');
  });
  afterAll(async () => {
    await app.close();
    jwks.close();
  });

  interface TokenParts {
    scope?: string;
    iss?: string;
    aud?: string;
    exp?: string | number;
    signer?: CryptoKey;
    claims?: Record<string, unknown>;
  }
  const token = ({
    scope = '',
    iss = issuer,
    aud = 'voucher-platform',
    exp = '1h',
    signer = key,
    claims = {},
  }: TokenParts = {}): Promise<string> =>
    new SignJWT({ scope, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject('alice')
      .setIssuer(iss)
      .setAudience(aud)
      .setExpirationTime(exp)
      .sign(signer);

  async function call(
    method: string,
    path: string,
    options: { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer>; scope?: string } = {},
  ) {
    const authorization =
      options.scope === undefined ? {} : { authorization: `Bearer ${await token({ scope: options.scope })}` };
    const headers = {
      ...(options.body ? { 'content-type': 'application/json' } : {}),
      ...authorization,
      ...options.headers,
    };
    const answer = await fetch(base + path, { method, headers, body: options.body });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  }

  it('does not start with a route that declares no scope', async () => {
    await expect(startService(OpenModule, loadSettings(ThingsSettings, environment()))).rejects.toThrow(
      'GET /open declares no scope',
    );
  });

  describe('tokens', () => {
    it('takes a valid one', async () => {
      expect((await call('GET', '/v1/things', { scope: 'vouchers:read' })).status).toBe(200);
    });

    it.each<[string, TokenParts]>([
      ['of another issuer', { iss: 'http://evil.example' }],
      ['for another audience', { aud: 'another' }],
      ['that ran out', { exp: Math.floor(Date.now() / 1_000) - 10 }],
    ])('refuses one %s', async (_, parts) => {
      const answer = await call('GET', '/v1/things', {
        headers: { authorization: `Bearer ${await token({ scope: 'vouchers:read', ...parts })}` },
      });
      expect(answer).toMatchObject({ status: 401, body: { status: 401, title: 'Unauthorized' } });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('refuses a forged one, an unsigned one, and one signed with a secret', async () => {
      const forged = await token({ scope: 'vouchers:read', signer: foreign });
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const payload = part({ iss: issuer, aud: 'voucher-platform', sub: 'alice', scope: 'vouchers:read', exp: 4e9 });
      const unsigned = `${part({ alg: 'none' })}.${payload}.`;
      const symmetric = await new SignJWT({ scope: 'vouchers:read' })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .setSubject('alice')
        .setIssuer(issuer)
        .setAudience('voucher-platform')
        .setExpirationTime('1h')
        .sign(new Uint8Array(32));
      for (const bad of [forged, unsigned, symmetric, 'x', '']) {
        expect((await call('GET', '/v1/things', { headers: { authorization: `Bearer ${bad}` } })).status).toBe(401);
      }
    });

    it('answers 503 with Retry-After while the issuer is away', async () => {
      const alone = await startService(
        ThingsModule,
        loadSettings(ThingsSettings, { ...environment(), OIDC_ISSUER: 'http://localhost:9' }),
      );
      const url = (await alone.getUrl()).replace('[::1]', 'localhost');
      const answer = await fetch(`${url}/v1/things`, { headers: { authorization: `Bearer ${await token()}` } });
      await alone.close();
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    });
  });

  describe('the first that applies', () => {
    const large = 'x'.repeat(2_000);
    it.each<[string, number, Parameters<typeof call>[2]]>([
      ['no token, whatever else', 401, { body: large, headers: { 'content-type': 'text/plain' } }],
      ['scope before size', 403, { scope: 'vouchers:read', body: large, headers: { 'content-type': 'text/plain' } }],
      [
        'size before media type',
        413,
        { scope: 'vouchers:write', body: large, headers: { 'content-type': 'text/plain' } },
      ],
      [
        'media type before If-Match',
        415,
        { scope: 'vouchers:write', body: 'x', headers: { 'content-type': 'text/plain' } },
      ],
      [
        'another charset',
        415,
        { scope: 'vouchers:write', body: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
      ],
      ['If-Match before broken JSON', 428, { scope: 'vouchers:write', body: '{' }],
      ['If-Match without a body', 428, { scope: 'vouchers:write' }],
      ['broken JSON', 400, { scope: 'vouchers:write', body: '{', headers: { 'if-match': '"1"' } }],
    ])('%s: %i', async (_, status, options) => {
      expect(await call('PUT', '/v1/things/1', options)).toMatchObject({ status, body: { status } });
    });
  });

  describe('bodies', () => {
    it('names each fault', async () => {
      const body = JSON.stringify({ inner: { amount: 'x', more: 1 }, list: [{ amount: 1 }, {}], 'a/b': 1 });
      const answer = await call('POST', '/v1/things', { scope: 'vouchers:write', body });
      expect(answer.status).toBe(400);
      expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
        '/a~1b',
        '/inner/amount',
        '/inner/more',
        '/list/1/amount',
        '/name',
      ]);
    });

    it('names each fault where the check is compiled', async () => {
      const answer = await call('POST', '/v1/things/1/claims', {
        scope: 'claims:write',
        body: '{"b":1}',
        headers: { 'idempotency-key': 'k' },
      });
      expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/a', '/b']);
    });

    it.each([
      ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
      ['an array', '[]'],
      ['null', 'null'],
      ['deep', '{"a":'.repeat(50) + '1' + '}'.repeat(50)],
      ['very deep', '['.repeat(100_000)],
      ['with __proto__', '{"name":"x","inner":{"amount":1},"__proto__":{"admin":true}}'],
      ['with a NUL', '{"name":"a\\u0000b","inner":{"amount":1}}'],
      ['with half a surrogate pair', '{"name":"\\ud800","inner":{"amount":1}}'],
    ])('refuses one that is %s', async (_, body) => {
      expect(await call('POST', '/v1/things', { scope: 'vouchers:write', body })).toMatchObject({
        status: 400,
        body: { status: 400 },
      });
    });

    it('takes Chinese, and the last of two equal keys', async () => {
      const answer = await call('POST', '/v1/things', {
        scope: 'vouchers:write',
        body: '{"name":"x","name":"满100减20","inner":{"amount":1}}',
      });
      expect(answer.body).toEqual({ name: '满100减20', inner: { amount: 1 } });
    });
  });

  describe('whom a call is about', () => {
    const claim = (scope: string, headers: Record<string, string> = {}) =>
      call('POST', '/v1/things/1/claims', { scope, body: '{"a":1}', headers: { 'idempotency-key': 'k', ...headers } });

    it('the token’s subject', async () => {
      expect((await claim('claims:write')).body).toMatchObject({ userId: 'alice', acting: false, team: 'default' });
    });
    it('the user named by a service', async () => {
      const answer = await claim('claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '{"tier":"\\u91d1"}' });
      expect(answer.body).toMatchObject({ userId: 'bob', acting: true, sub: 'alice', userAttributes: { tier: '金' } });
    });
    it.each<[string, number, string, Record<string, string>]>([
      ['a user named by no service', 403, 'claims:write', { 'x-user-id': 'bob' }],
      ['attributes given by no service', 403, 'claims:write', { 'x-user-attrs': '{}' }],
      ['a clock set without the scope', 403, 'claims:write', { 'x-occurred-at': '2026-01-01T00:00:00Z' }],
      ['no user named by a service', 400, 'claims:act', {}],
      ['an empty user', 400, 'claims:act', { 'x-user-id': '' }],
      ['attributes that are none', 400, 'claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '[1]' }],
      ['broken attributes', 400, 'claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '{' }],
      ['a time without offset', 400, 'claims:write clock:set', { 'x-occurred-at': '2026-01-01T00:00:00' }],
      ['a day that is none', 400, 'claims:write clock:set', { 'x-occurred-at': '2026-02-30T00:00:00Z' }],
      ['a key too long', 400, 'claims:write', { 'idempotency-key': 'x'.repeat(256) }],
      ['a key with a space', 400, 'claims:write', { 'idempotency-key': 'a b' }],
      ['no key', 428, 'claims:write', { 'idempotency-key': '' }],
    ])('%s: %i', async (_, status, scope, headers) => {
      expect((await claim(scope, headers)).status).toBe(status);
    });
    it('a time that the token may set', async () => {
      expect(
        (await claim('claims:write clock:set', { 'x-occurred-at': '2026-01-01T08:00:00+08:00' })).body.occurredAt,
      ).toBe('2026-01-01T00:00:00.000Z');
    });
    it('nobody, where that is allowed', async () => {
      expect((await call('DELETE', '/v1/things/1', { scope: 'claims:act' })).body).toEqual({
        userId: null,
        attributes: {},
      });
    });
  });

  describe('answers', () => {
    it('tells a bug without internals', async () => {
      const answer = await call('GET', '/v1/things/bug');
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('secret');
      expect(answer.body.requestId).toBeTruthy();
    });
    it('bears reason and headers of a refusal', async () => {
      const answer = await call('GET', '/v1/things/refused');
      expect(answer).toMatchObject({ status: 409, body: { reason: 'sold-out' } });
      expect(answer.headers.get('submission-id')).toBe('s1');
    });
    it.each([
      ['GET', '/nowhere', 404],
      ['PATCH', '/v1/things/1', 404],
      ['GET', '/v1/things/%zz', 400],
      ['GET', '/v1/things/1', 404],
    ])('%s %s: %i', async (method, path, status) => {
      const answer = await call(method, path);
      expect(answer).toMatchObject({ status, body: { status, type: 'about:blank' } });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });
    it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'after=x', 'after=W10'])(
      'refuses a list with %s',
      async (query) => {
        expect((await call('GET', `/v1/things?${query}`, { scope: 'vouchers:read' })).status).toBe(400);
      },
    );
    it('lets the named origin read what it needs, errors too', async () => {
      const { headers } = await call('GET', '/v1/things', { headers: { origin: 'https://shop.example' } });
      expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(headers.get('access-control-expose-headers')).toContain('Voucher-Position');
      const preflight = await fetch(`${base}/v1/things/1`, {
        method: 'OPTIONS',
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'PUT' },
      });
      expect(preflight.status).toBe(204);
      const stranger = await call('GET', '/v1/things', { headers: { origin: 'https://evil.example' } });
      expect(stranger.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
    });
    it('shows health, metrics and its documents', async () => {
      expect((await call('GET', '/health/live')).body).toEqual({ status: 'ok' });
      expect((await call('GET', '/health/ready')).status).toBe(200);
      expect((await call('GET', '/metrics')).text).toContain('http_request_duration_seconds');
      expect(Object.keys((await call('GET', '/docs-json')).body.paths)).toContain('/v1/things/{id}/claims');
      expect((await call('GET', '/docs')).status).toBe(200);
    });
  });

  describe('settings', () => {
    it.each([
      ['PORT', 'abc'],
      ['PORT', '70000'],
      ['KAFKA_BROKERS', 'nowhere'],
      ['DATABASE_URL', 'mysql://x'],
      ['OIDC_ISSUER', 'x'],
      ['NAMESPACE', 'A-b'],
      ['MIGRATE', 'maybe'],
    ])('name the bad one: %s=%s', (name, value) => {
      expect(() => loadSettings(ThingsSettings, { [name]: value })).toThrow(new RegExp(`^${name} [^\n]*$`));
    });
    it('prefix what is shared', () => {
      const settings = loadSettings(ThingsSettings, { NAMESPACE: 'demo', DATABASE_URL: 'postgres://u:p@db:1/any' });
      expect(settings.databaseUrl).toBe('postgres://u:p@db:1/demo_config');
      expect(settings.topics.submissions).toBe('demo.voucher.submissions.v1');
      expect(settings.group('state')).toBe('demo.config.state');
    });
  });
});
