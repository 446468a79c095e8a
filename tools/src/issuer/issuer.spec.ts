import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { freePorts } from '../processes/ports.ts';
import { startIssuer, type Issuer } from './issuer.ts';
import { AUDIENCE, createSigningKey, signToken, type SigningKey } from './signing-key.ts';

const ORIGINS = { console: 'http://localhost:3001', page: 'http://localhost:3002' };

let issuer: Issuer;
let key: SigningKey;

beforeAll(async () => {
  const [port] = (await freePorts(1)) as [number];
  key = await createSigningKey();
  issuer = await startIssuer({ port, key, origins: ORIGINS });
});

afterAll(() => issuer.stop());

interface Discovery {
  issuer: string;
  jwks_uri: string;
  token_endpoint: string;
  authorization_endpoint: string;
  end_session_endpoint: string;
  revocation_endpoint: string;
}

const discovery = async (): Promise<Discovery> =>
  (await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json()) as Discovery;

/** Verifies a token as a service does. */
async function verified(token: string): Promise<JWTPayload> {
  const { jwks_uri } = await discovery();
  const options = { issuer: issuer.url, audience: AUDIENCE, algorithms: ['ES256'] };
  return (await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), options)).payload;
}

async function tokenFor(
  body: Record<string, string>,
  credentials?: string,
): Promise<{ status: number; access_token: string; refresh_token: string }> {
  const answer = await fetch((await discovery()).token_endpoint, {
    method: 'POST',
    headers: credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {},
    body: new URLSearchParams(body),
  });
  return { status: answer.status, ...((await answer.json()) as { access_token: string; refresh_token: string }) };
}

describe('the issuer', () => {
  it('shows only the public part of the key', async () => {
    const { keys } = (await (await fetch((await discovery()).jwks_uri)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kid: key.kid, kty: 'EC' });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it.each<[number, string, string[]]>([
    [200, 'localhost', []],
    [200, 'LOCALHOST:1', []],
    [200, '127.0.0.1:3000', []],
    [200, '[::1]:3000', []],
    [200, 'issuer:3000', ['issuer']],
    [421, 'issuer:3000', []],
    [421, 'evil.example', []],
    [421, 'localhost.evil.example:3000', ['issuer']],
    [421, '127.0.0.1.evil.example', []],
  ])('answers %i as %s, where its names are %j', async (status, host, names) => {
    const [port] = (await freePorts(1)) as [number];
    const named = await startIssuer({ port, key, origins: ORIGINS, names });
    const asked = ['/jwks', '/sign-in.css'].map(
      (path) =>
        new Promise((resolve, reject) => {
          const get = request({ port, path, headers: { host } }, (answer) => resolve(answer.resume().statusCode));
          get.on('error', reject).end();
        }),
    );
    const statuses = await Promise.all(asked);
    await named.stop();
    expect(statuses).toEqual([status, status]);
  });

  it('is the issuer of tokens that are signed with its key', async () => {
    const claims = { sub: 'alice', scope: 'claims:write', attrs: { tier: 'gold' }, issuer: issuer.url };
    expect(await verified(await signToken(key, claims))).toMatchObject({
      sub: 'alice',
      scope: 'claims:write',
      team: 'default',
      attrs: { tier: 'gold' },
    });
  });

  it('gives page-delivery a token for the ledger and for nothing else', async () => {
    const ask = { grant_type: 'client_credentials', scope: 'ledger:read' };
    const { access_token } = await tokenFor(ask, `${issuer.client.id}:${issuer.client.secret}`);
    expect(await verified(access_token)).toMatchObject({ sub: 'page-delivery', scope: 'ledger:read', team: 'default' });
    const beyond = await tokenFor({ ...ask, scope: 'vouchers:write' }, `${issuer.client.id}:${issuer.client.secret}`);
    expect(beyond.status).toBe(400);
    expect((await tokenFor(ask, `${issuer.client.id}:wrong`)).status).toBe(401);
  });

  it.each([
    [
      'a role',
      { sub: 'staff' },
      'vouchers:write vouchers:publish',
      { sub: 'staff', scope: 'vouchers:write', attrs: {} },
    ],
    ['a user', { sub: 'alice' }, 'claims:write', { sub: 'alice', scope: 'claims:write', attrs: { tier: 'gold' } }],
    [
      'any other user',
      { sub: 'dora', attrs: '{"tier":"vip"}' },
      'pages:read claims:write ledger:read',
      { sub: 'dora', scope: 'pages:read claims:write', attrs: { tier: 'vip' } },
    ],
  ])('signs in as %s by code and PKCE, with the scopes that it may have', async (_whom, choice, scope, expected) => {
    expect(await verified(await signIn(choice, scope))).toMatchObject({ team: 'default', ...expected });
  });

  it.each([
    ['attributes that are not JSON', { sub: 'dora', attrs: '{' }],
    ['the name of a role', { sub: 'publisher', attrs: '{}' }],
    ['no user id', { sub: ' ', attrs: '' }],
  ])('shows its sign-in page again for %s', async (_what, choice) => {
    const { form, follow } = await openSignIn('claims:write');
    const answer = await follow.raw(form, { method: 'POST', body: new URLSearchParams(choice) });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('role="alert"');
  });

  it('asks for an identity at each sign-in, also if somebody is signed in', async () => {
    const { form, follow } = await openSignIn('claims:write');
    await follow(await follow(form, { method: 'POST', body: new URLSearchParams({ sub: 'alice' }) }));
    expect((await openSignIn('claims:write', follow)).form).toContain('/sign-in/');
  });

  it.each([
    ['zh-CN,zh;q=0.9', 'zh-CN', '登录'],
    ['en-GB', 'en', 'Sign in'],
    ['fr', 'en', 'Sign in'],
  ])('speaks to %s in %s, with a strict policy', async (wished, language, title) => {
    const { form, follow } = await openSignIn('claims:write');
    const answer = await follow.raw(form, { headers: { 'accept-language': wished } });
    const page = await answer.text();
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(`<h1>${title}</h1>`);
    expect(page).not.toMatch(/<script|<style|style=/);
    expect(answer.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${ORIGINS.console} ${ORIGINS.page}`,
    );
    expect((await fetch(`${issuer.url}/sign-in.css`)).headers.get('content-type')).toBe('text/css');
  });

  it('renews by refresh token, also after somebody else has signed in', async () => {
    const { form, follow, verifier } = await openSignIn('claims:write');
    const { refresh_token } = await exchanged(form, follow, verifier, { sub: 'alice' });
    const other = await openSignIn('claims:write', follow);
    await exchanged(other.form, follow, other.verifier, { sub: 'bob' });
    const renewed = await tokenFor({ grant_type: 'refresh_token', client_id: 'console', refresh_token });
    expect(await verified(renewed.access_token)).toMatchObject({ sub: 'alice', attrs: { tier: 'gold' } });
  });

  it('takes a refresh token back', async () => {
    const { form, follow, verifier } = await openSignIn('claims:write');
    const { refresh_token } = await exchanged(form, follow, verifier, { sub: 'alice' });
    const { revocation_endpoint } = await discovery();
    const body = { token: refresh_token, token_type_hint: 'refresh_token', client_id: 'console' };
    const headers = { origin: ORIGINS.console };
    const answer = await fetch(revocation_endpoint, { method: 'POST', headers, body: new URLSearchParams(body) });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, ORIGINS.console]);
    expect((await tokenFor({ grant_type: 'refresh_token', client_id: 'console', refresh_token })).status).toBe(400);
  });

  it.each([
    [ORIGINS.page, true],
    [ORIGINS.console, true],
    ['https://evil.example', false],
  ])('lets %s read its tokens: %s', async (origin, may) => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'page', refresh_token: 'none' });
    const answer = await fetch((await discovery()).token_endpoint, { method: 'POST', headers: { origin }, body });
    expect(answer.headers.get('access-control-allow-origin') === origin).toBe(may);
  });

  it('signs out, and leads back to the client', async () => {
    const { form, follow, verifier } = await openSignIn('claims:write');
    await exchanged(form, follow, verifier, { sub: 'staff' });
    const address = new URL((await discovery()).end_session_endpoint);
    address.search = new URLSearchParams({ client_id: 'console', post_logout_redirect_uri: REDIRECT }).toString();
    const page = await (await follow.raw(address)).text();
    expect(page).toContain('<h1>Sign out?</h1>');
    const [, action = '', xsrf = ''] = /action="([^"]+)">.*name="xsrf" value="([^"]+)"/.exec(page) ?? [];
    expect(await follow(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) })).toBe(REDIRECT);
  });
});

const REDIRECT = `${ORIGINS.console}/`;

type Follow = ReturnType<typeof browser>;

/** A client that keeps cookies. `follow` returns the target of a redirect, `follow.raw` the answer itself. */
function browser() {
  const cookies = new Map<string, string>();
  const raw = async (at: string | URL, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(at, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      cookies.set(name, value);
    }
    return answer;
  };
  const follow = async (at: string | URL, init?: RequestInit): Promise<string> =>
    new URL((await raw(at, init)).headers.get('location') ?? '', issuer.url).href;
  return Object.assign(follow, { raw });
}

/** The steps of a browser up to the sign-in page. */
async function openSignIn(scope: string, follow: Follow = browser()) {
  const verifier = randomBytes(32).toString('base64url');
  const address = new URL((await discovery()).authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: `openid offline_access ${scope}`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return { form: await follow(address), follow, verifier };
}

/** Posts the choice, and exchanges the resulting code for tokens. */
async function exchanged(form: string, follow: Follow, verifier: string, choice: Record<string, string>) {
  const resumed = await follow(form, { method: 'POST', body: new URLSearchParams(choice) });
  const code = new URL(await follow(resumed)).searchParams.get('code') ?? '';
  return tokenFor({
    grant_type: 'authorization_code',
    client_id: 'console',
    redirect_uri: REDIRECT,
    code,
    code_verifier: verifier,
  });
}

async function signIn(choice: Record<string, string>, scope: string): Promise<string> {
  const { form, follow, verifier } = await openSignIn(scope);
  return (await exchanged(form, follow, verifier, choice)).access_token;
}
