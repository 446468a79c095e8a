import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { startTestIssuer, type TestIssuer } from '@vouchers/testing';
import { SignJWT } from 'jose';
import { startThings, thingsSettings, type Things } from '../testing/things.service.ts';
import { startService } from './index.ts';

@Controller()
class OpenController {
  @Get('open')
  open(): string {
    return 'to all';
  }
}
@Module({ controllers: [OpenController] })
class OpenModule {}

describe('tokens', () => {
  let things: Things;
  let foreign: TestIssuer;
  const scope = 'vouchers:read';
  const statusWith = async (token: string): Promise<number> =>
    (await things.call('GET', '/v1/things', { token })).status;

  beforeAll(async () => {
    things = await startThings();
    foreign = await startTestIssuer();
  });
  afterAll(async () => {
    await things.stop();
    await foreign.stop();
  });

  it('are asked for by default: a route that declares no scope stops the start', async () => {
    await expect(startService(OpenModule, thingsSettings(things.issuer.url))).rejects.toThrow(
      'GET /open declares no scope',
    );
  });

  it('are taken when valid, also the second time', async () => {
    const token = await things.issuer.signToken({ scope });
    expect([await statusWith(token), await statusWith(token)]).toEqual([200, 200]);
  });

  it.each([
    ['of another issuer', { issuer: 'http://evil.example' }],
    ['for another audience', { audience: 'another' }],
    ['that ran out', { lifetimeSeconds: -10 }],
  ])('are refused %s, as problem details', async (_, claims) => {
    const answer = await things.call('GET', '/v1/things', {
      token: await things.issuer.signToken({ scope, ...claims }),
    });
    expect(answer).toMatchObject({ status: 401, body: { status: 401, title: 'Unauthorized' } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each<[string, object]>([
    ['a subject of 256 characters', { sub: 'x'.repeat(256) }],
    ['a subject with a control character', { sub: 'a\tb' }],
    ['a subject with a NUL', { sub: 'a\0' }],
    ['half a character for a subject', { sub: '\ud83d' }],
    ['a team of 256 characters', { team: 'x'.repeat(256) }],
    ['a team with a line of its own', { team: 'a\nb' }],
    ['attributes with a NUL', { attrs: { tier: ['a\0'] } }],
    ['attributes with half a character', { attrs: { '\udead': 1 } }],
  ])('are refused with %s', async (_, claims) => {
    const answer = await things.call('GET', '/v1/things', {
      token: await things.issuer.signToken({ scope, ...claims }),
    });
    expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringMatching(/`(sub|team|attrs)`/) } });
  });

  const now = (): number => Math.floor(Date.now() / 1_000);
  /** A token whose claims are good but for these. A value is written as the JSON that it is. */
  const signed = (claims: Record<string, string | undefined>, header?: object): Promise<string> => {
    const good = {
      iss: JSON.stringify(things.issuer.url),
      aud: '"voucher-platform"',
      sub: '"alice"',
      scope: JSON.stringify(scope),
      iat: String(now()),
      exp: String(now() + 60),
    };
    const members = Object.entries({ ...good, ...claims }).filter(([, json]) => json !== undefined);
    return things.issuer.signText(`{${members.map(([name, json]) => `"${name}":${json}`).join()}}`, header);
  };

  it.each(
    ['sub', 'team', 'scope', 'attrs'].flatMap((claim) =>
      ['7', '["a"]', 'null', 'true', '{}', '""', '"vouchers:read"', '{"a":1}'].map((json) => [claim, json] as const),
    ),
  )('whose claim `%s` is %s are refused, unless that is its shape', async (claim, json) => {
    const isText = json.startsWith('"') && (json !== '""' || claim === 'scope');
    const isShape = claim === 'attrs' ? json.startsWith('{') : isText;
    const status = isShape ? (json === '""' ? 403 : 200) : 401;
    const answer = await things.call('GET', '/v1/things', { token: await signed({ [claim]: json }) });
    expect(answer.status).toBe(status);
    if (status === 401 && claim !== 'sub') expect(answer.body.detail).toContain(`\`${claim}\``);
  });

  it('without a team are of the team `default`', async () => {
    const answer = await things.call('POST', '/v1/things/1/claims', {
      token: await signed({ scope: '"claims:write"' }),
      body: '{"a":1}',
      headers: { 'idempotency-key': 'k' },
    });
    expect(answer.body).toMatchObject({ team: 'default', attributes: {} });
  });

  it.each<[string, number, () => Record<string, string | undefined>]>([
    ['24 hours', 200, () => ({ exp: String(now() + 86_400) })],
    ['24 hours and a second', 401, () => ({ exp: String(now() + 86_401) })],
    ['24 hours that began before', 200, () => ({ iat: String(now() - 86_000), exp: String(now() + 400) })],
    ['more, of which little is left', 401, () => ({ iat: String(now() - 86_400), exp: String(now() + 1) })],
    ['24 hours from now, without iat', 200, () => ({ iat: undefined, exp: String(now() + 86_400) })],
    ['a day more, without iat', 401, () => ({ iat: undefined, exp: String(now() + 2 * 86_400) })],
    ['until the year 2200', 401, () => ({ exp: '7258118400' })],
    ['until the year 2200, without iat', 401, () => ({ iat: undefined, exp: '7258118400' })],
    ['an hour in the year 2200', 401, () => ({ iat: '7258114800', exp: '7258118400' })],
    ['for ever', 401, () => ({ exp: '1e999' })],
    ['for ever, without iat', 401, () => ({ iat: undefined, exp: '1e999' })],
    ['for ever and from then', 401, () => ({ iat: '1e999', exp: '1e999' })],
    ['from the beginning', 401, () => ({ iat: '-1e999' })],
    ['since a text', 401, () => ({ iat: '"2026"' })],
    ['since nothing', 401, () => ({ iat: 'null' })],
  ])('that are good for %s: %i', async (_, status, claims) => {
    expect(await statusWith(await signed(claims()))).toBe(status);
  });

  it.each<[unknown, number]>([
    [undefined, 200],
    ['JWT', 200],
    ['jwt', 200],
    ['at+jwt', 200],
    ['application/at+jwt', 200],
    ['logout+jwt', 401],
    ['dpop+jwt', 401],
    ['', 401],
    ['at+jwt ', 401],
    [7, 401],
    [null, 401],
  ])('of the type %s: %i', async (typ, status) => {
    expect(await statusWith(await signed({}, typ === undefined ? {} : { typ }))).toBe(status);
  });

  it('are taken with a subject and a team of 255 characters of any script', async () => {
    const long = `é ${'😀'.repeat(253)}`;
    expect(await statusWith(await things.issuer.signToken({ scope, sub: long, team: long }))).toBe(200);
  });

  it('are refused when signed by a foreign key, by none, or by a secret', async () => {
    const { url } = things.issuer;
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = { iss: url, aud: 'voucher-platform', sub: 'alice', scope, exp: 4_000_000_000 };
    const forged = await foreign.signToken({ scope, issuer: url });
    const unsigned = `${part({ alg: 'none' })}.${part(payload)}.`;
    const symmetric = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
    for (const token of [forged, unsigned, symmetric, 'x', '']) expect(await statusWith(token)).toBe(401);
  });

  it('with a changed payload are refused, although their first part was seen', async () => {
    const [head, , signature] = (await things.issuer.signToken({ scope: 'claims:write' })).split('.');
    const [, payload] = (await foreign.signToken({ scope, issuer: things.issuer.url })).split('.');
    expect(await statusWith(`${head}.${payload}.${signature}`)).toBe(401);
  });

  it('cannot be checked while the issuer is away: 503 with Retry-After', async () => {
    const alone = await startThings('http://localhost:9');
    const answer = await alone.call('GET', '/v1/things', { scope });
    await alone.stop();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });
});
