// A token issuer for tests. It only has a discovery document, JWKS and client credentials.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CompactSign, importJWK } from 'jose';
import { createSigningKey, publicJwk, signToken, type TokenClaims } from '@vouchers/tools';

/** An issuer that services accept if its `url` is their OIDC_ISSUER. */
export interface TestIssuer {
  /** The value of OIDC_ISSUER and of every token's `iss`. */
  readonly url: string;
  /** A token like those of `npm run token`. A test may replace claims to make it invalid. */
  signToken(claims: Partial<TokenClaims> & Pick<TokenClaims, 'scope'>): Promise<string>;
  stop(): Promise<void>;
}

/** An issuer that signs what no good issuer signs. */
export interface OddIssuer extends TestIssuer {
  /** Signs a payload's text as it is. */
  signText(payload: string, header?: object): Promise<string>;
  /** From now on another key signs, and the JWKS shows it alone. */
  replaceKey(): Promise<void>;
  /** From now on its metadata name this endpoint: `/token`, `/fewer` (the first scope alone) or `/none` (401). */
  tokensAt(path: string): void;
}

/** Starts an issuer on a free port, with its own key. Its `/token` gives any client the scopes that it asks for. */
export async function startTestIssuer(): Promise<OddIssuer> {
  let key = await createSigningKey();
  let tokenPath = '/token';
  const sign: TestIssuer['signToken'] = (claims) => signToken(key, { sub: 'alice', issuer: url, ...claims });
  const scopeIn = async (request: IncomingMessage): Promise<string> =>
    new URLSearchParams(await text(request)).get('scope') ?? '';
  const tokenFor = async (scope: string): Promise<object> => {
    const access_token = await sign({ sub: 'page-delivery', scope });
    return { access_token, token_type: 'Bearer', expires_in: 600, scope };
  };
  const answers: Record<string, (request: IncomingMessage) => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer: url,
      jwks_uri: `${url}/jwks`,
      token_endpoint: `${url}${tokenPath}`,
      authorization_endpoint: `${url}/auth`,
    }),
    '/jwks': () => ({ keys: [publicJwk(key)] }),
    '/token': async (request) => tokenFor(await scopeIn(request)),
    '/fewer': async (request) => tokenFor((await scopeIn(request)).split(' ')[0]!),
    '/none': () => ({ error: 'invalid_client' }),
  };
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const answer = answers[pathname];
      response.writeHead(answer ? (pathname === '/none' ? 401 : 200) : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ? await answer(request) : {}));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    signToken: sign,
    signText: async (payload, header = {}) =>
      new CompactSign(Buffer.from(payload))
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...header })
        .sign(await importJWK(key, 'ES256')),
    replaceKey: async () => {
      key = await createSigningKey();
    },
    tokensAt: (path) => {
      tokenPath = path;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
