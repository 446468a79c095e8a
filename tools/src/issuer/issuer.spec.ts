import { createHash, randomBytes } from 'node:crypto';
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
}

const discovery = async (): Promise<Discovery> =>
  (await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json()) as Discovery;

/** As a service does it. */
async function verified(token: string): Promise<JWTPayload> {
  const { jwks_uri } = await discovery();
  const options = { issuer: issuer.url, audience: AUDIENCE, algorithms: ['ES256'] };
  return (await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), options)).payload;
}

async function tokenFor(
  body: Record<string, string>,
  credentials?: string,
): Promise<{ status: number; access_token: string }> {
  const answer = await fetch((await discovery()).token_endpoint, {
    method: 'POST',
    headers: credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {},
    body: new URLSearchParams(body),
  });
  return { status: answer.status, ...((await answer.json()) as { access_token: string }) };
}

describe('the issuer', () => {
  it('shows the public part of the key alone', async () => {
    const { keys } = (await (await fetch((await discovery()).jwks_uri)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kid: key.kid, kty: 'EC' });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('is the issuer of what is signed with its key', async () => {
    const claims = { sub: 'alice', scope: 'claims:write', attrs: { tier: 'gold' }, issuer: issuer.url };
    expect(await verified(await signToken(key, claims))).toMatchObject({
      sub: 'alice',
      scope: 'claims:write',
      team: 'default',
      attrs: { tier: 'gold' },
    });
  });

  it('gives page-delivery a token for the ledger, and nothing beyond', async () => {
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
      { sub: 'editor' },
      'vouchers:write vouchers:publish',
      { sub: 'editor', scope: 'vouchers:write', attrs: {} },
    ],
    ['a user', { sub: 'alice' }, 'claims:write', { sub: 'alice', scope: 'claims:write', attrs: { tier: 'gold' } }],
    [
      'any other user',
      { sub: 'dora', attrs: '{"tier":"vip"}' },
      'pages:read claims:write ledger:read',
      { sub: 'dora', scope: 'pages:read claims:write', attrs: { tier: 'vip' } },
    ],
  ])('signs in as %s by code and PKCE, for what it may have', async (_whom, choice, scope, expected) => {
    expect(await verified(await signIn(choice, scope))).toMatchObject({ team: 'default', ...expected });
  });

  it('shows its sign-in page again where attributes are not JSON', async () => {
    const { form } = await openSignIn('claims:write');
    const answer = await fetch(form, { method: 'POST', body: new URLSearchParams({ sub: 'dora', attrs: '{' }) });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('role="alert"');
  });
});

const REDIRECT = `${ORIGINS.console}/`;

/** What a browser does up to the sign-in page. */
async function openSignIn(scope: string) {
  const verifier = randomBytes(32).toString('base64url');
  const address = new URL((await discovery()).authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: `openid ${scope}`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const cookies = new Map<string, string>();
  const follow = async (at: string | URL, init: RequestInit = {}): Promise<string> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(at, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      cookies.set(name, value);
    }
    return new URL(answer.headers.get('location') ?? '', issuer.url).href;
  };
  return { form: await follow(address), follow, verifier };
}

async function signIn(choice: Record<string, string>, scope: string): Promise<string> {
  const { form, follow, verifier } = await openSignIn(scope);
  const resumed = await follow(form, { method: 'POST', body: new URLSearchParams(choice) });
  const code = new URL(await follow(resumed)).searchParams.get('code') ?? '';
  const { access_token } = await tokenFor({
    grant_type: 'authorization_code',
    client_id: 'console',
    redirect_uri: REDIRECT,
    code,
    code_verifier: verifier,
  });
  return access_token;
}
