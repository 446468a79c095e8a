import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, startTestIssuer, type OddIssuer } from '@vouchers/testing';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { thingsSettings } from '../testing/things.service.ts';
import { expectOwnToken, LedgerApi, Readiness, type ProblemError } from './index.ts';
import { TokenVerifier } from './verifier.ts';

let issuer: OddIssuer;
let foreign: OddIssuer;
let verifier: TokenVerifier;
const lines: Record<string, unknown>[] = [];
const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
beforeAll(async () => {
  issuer = await startTestIssuer();
  foreign = await startTestIssuer();
  verifier = new TokenVerifier(thingsSettings(issuer.url), logger);
});
afterAll(async () => {
  await issuer.stop();
  await foreign.stop();
});

const YEAR_2200 = 7_258_118_400;
const scope = 'pages:read';
const now = (): number => Math.floor(Date.now() / 1_000);
const signed = (claims: object, header?: object): Promise<string> => {
  const good = { iss: issuer.url, aud: 'voucher-platform', sub: 'alice', scope, iat: now(), exp: now() + 60 };
  return issuer.signText(JSON.stringify({ ...good, ...claims }), header);
};
const symmetric = (): Promise<string> =>
  new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
const refused = async (authorization: string): Promise<ProblemError> => {
  try {
    await verifier.claimsOf(authorization, {});
  } catch (error) {
    return error as ProblemError;
  }
  throw new Error('it was taken');
};

it.each<[cause: string, why: string, token: () => Promise<string>, explained: RegExp | undefined]>([
  [
    'issuer',
    'a slash more',
    () => signed({ iss: `${issuer.url}/` }),
    /^its iss is "http.+\/", and the issuer is "http/,
  ],
  ['audience', 'of another', () => signed({ aud: ['account'] }), /^its aud is \["account"\], and OIDC_AUDIENCE is "v/],
  ['expired', 'long ago', () => signed({ iat: 1, exp: 60 }), /^its exp was 60, and it is \d{10}$/],
  ['early', 'until then', () => signed({ nbf: YEAR_2200 }), /^its nbf is 7258118400$/],
  ['algorithm', 'with a secret', symmetric, /^its alg is "HS256", and these are taken: ES256, RS256, PS256, EdDSA$/],
  ['key', 'of a foreign key', () => foreign.signToken({ scope, issuer: issuer.url }), /no single key for its kid "/],
  ['claim', 'without sub', () => signed({ sub: undefined }), /^its sub is missing/],
  ['claim', 'with a list of teams', () => signed({ team: ['a'] }), undefined],
  ['type', 'of a sign-out', () => signed({}, { typ: 'logout+jwt' }), undefined],
  ['age', 'for very long', () => signed({ exp: YEAR_2200 }), undefined],
  ['malformed', 'that is no JWT', () => Promise.resolve('x'), /^it is no JWT$/],
])(
  'a token is refused with the cause %s if it is %s, and only operators are told more',
  async (cause, _, token, explained) => {
    const error = await refused(`Bearer ${await token()}`);
    expect([error.status, error.about.cause]).toEqual([401, cause]);
    if (explained) expect(error.about.explained).toMatch(explained);
    else expect(error.about.explained).toBeUndefined();
    expect(JSON.stringify(error.body)).not.toContain('its ');
  },
);

it.each([
  ['missing', ''],
  ['malformed', 'Basic YTpi'],
])('a header without a token is refused with the cause %s', async (cause, authorization) => {
  expect((await refused(authorization)).about.cause).toBe(cause);
});

it('the name of the issuer in its metadata counts if only a slash at the end differs, and the difference is told', async () => {
  lines.length = 0;
  const slashed = new TokenVerifier(thingsSettings(`${issuer.url}/`), logger);
  expect(await slashed.claimsOf(`Bearer ${await issuer.signToken({ scope })}`, {})).toMatchObject({ sub: 'alice' });
  expect(lines).toMatchObject([{ level: 40, setting: `${issuer.url}/`, issuer: issuer.url }]);
});

it('another name of the issuer is told with the failure to fetch its keys', async () => {
  lines.length = 0;
  const other = issuer.url.replace('127.0.0.1', 'localhost');
  await new TokenVerifier(thingsSettings(other), logger).refreshKeys();
  expect(lines).toMatchObject([
    { err: { message: `OIDC_ISSUER is ${other}, but the issuer there calls itself ${issuer.url}` } },
  ]);
});

const SETTINGS = { clientId: 'page-delivery', clientSecret: 's', ledgerUrl: 'http://localhost:9' };

it.each<[string, 'open' | 'team', (url: string) => object, RegExp | undefined]>([
  ['is good', 'team', () => ({}), undefined],
  ['is refused by the ledger', 'open', () => ({ audience: 'account' }), /its aud is "voucher-platform", and OIDC_AUD/],
  ['lacks a scope', 'team', () => ({ path: '/fewer' }), /it lacks the scope audit:read/],
  ['is not given', 'open', () => ({ path: '/none' }), /the issuer answered 401 invalid_client to page-delivery/],
])('a service whose own token %s says so before it is ready', async (_, tenancy, change, fault) => {
  const { audience = 'voucher-platform', path = '/token' } = change(issuer.url) as { audience?: string; path?: string };
  issuer.tokensAt(path);
  const settings = thingsSettings(issuer.url, { OIDC_AUDIENCE: audience, TENANCY: tenancy });
  const { discoveryUrl } = settings;
  const ledger = new LedgerApi({ issuer: issuer.url, discoveryUrl, audience, tenancy, ...SETTINGS });
  const readiness = new Readiness();
  lines.length = 0;
  expectOwnToken(ledger, settings, readiness, logger);
  expect((await readiness.check()).ready).toBe(false);
  const outcome = async (): Promise<string> => (await readiness.check()).checks['token']!;
  await eventually('the token is looked at', async () => !(await outcome()).endsWith('is not fetched yet'));
  const token = await outcome();
  if (!fault) expect(token).toBe('ok');
  else {
    expect(token).toMatch(fault);
    expect(lines.filter(({ msg }) => msg === "the service's token is not good")).toHaveLength(1);
    issuer.tokensAt('/token');
  }
});
