// The OpenID provider of a developer's machine. Whoever can reach it can be anyone: it listens on this machine alone.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type Provider from 'oidc-provider';
import type { Context } from 'oidc-provider';
import { customer, IDENTITIES, type Identity } from './identities.ts';
import { signInPage } from './sign-in.page.ts';
import { AUDIENCE, type SigningKey } from './signing-key.ts';

/** A running issuer. */
export interface Issuer {
  readonly url: string;
  /** The client-credentials client of page-delivery. */
  readonly client: { readonly id: string; readonly secret: string };
  stop(): Promise<void>;
}

/** What the issuer is for. */
export interface IssuerOptions {
  readonly port: number;
  readonly key: SigningKey;
  /** Where console and hosted page are served: they sign in by code + PKCE. */
  readonly origins: { readonly console: string; readonly page: string };
}

/** What tokens are for, as oidc-provider wants it: an absolute URI. Their audience is the plain word. */
const RESOURCE = `urn:${AUDIENCE}`;
const SCOPES =
  'vouchers:read vouchers:write vouchers:publish pages:read claims:write claims:act redemptions:write ledger:read clock:set';
const TWELVE_HOURS = 12 * 3600;

/** The address of the issuer on this machine. */
export const issuerUrl = (port: number): string => `http://localhost:${port}`;

/** Starts the issuer; tokens that `npm run token` signs with the same key are as good as its own. */
export async function startIssuer({ port, key, origins }: IssuerOptions): Promise<Issuer> {
  const { default: OidcProvider } = await import('oidc-provider');
  const { default: MemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js');
  const url = issuerUrl(port);
  const client = { id: 'page-delivery', secret: randomBytes(24).toString('base64url') };
  const known = new Map(IDENTITIES.map((identity) => [identity.sub, identity]));
  const provider: Provider = new OidcProvider(url, {
    // Its default by another name: it warns at every start that sign-ins are forgotten, as they may be here.
    adapter: class extends MemoryAdapter {},
    jwks: { keys: [key] },
    clients: [
      machineClient(client),
      browserClient('console', origins.console, ['/', '/callback']),
      browserClient('page', origins.page, ['/', '/callback', '/p/callback']),
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomUUID()] },
    scopes: ['openid', ...SCOPES.split(' ')],
    ttl: {
      AccessToken: TWELVE_HOURS,
      ClientCredentials: 600,
      IdToken: TWELVE_HOURS,
      Session: TWELVE_HOURS,
      Grant: TWELVE_HOURS,
      Interaction: 3600,
      RefreshToken: TWELVE_HOURS,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: AUDIENCE,
          accessTokenTTL: undefined,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    interactions: { url: (_context, { uid }) => `/sign-in/${uid}` },
    findAccount: (_context, sub) => (known.has(sub) && { accountId: sub, claims: () => ({ sub }) }) || undefined,
    extraTokenClaims: (_context, { accountId }) => {
      const { team = 'default', attrs = {} } = known.get(accountId ?? '') ?? {};
      return { team, attrs };
    },
    loadExistingGrant: (context) => grantOf(provider, context, known.get(context.oidc.session.accountId)),
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    // Browsers renew by refresh token, never by a frame: they get one without asking for offline_access.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
  });

  const answer = provider.callback();
  const server = createServer((request, response) => {
    const signIn = request.url?.startsWith('/sign-in/');
    void (signIn ? handleSignIn(provider, known, request, response) : answer(request, response)).catch(
      (error: unknown) => {
        response.statusCode = 400; // an interaction that has expired
        response.end(String(error));
      },
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url,
    client,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handleSignIn(
  provider: Provider,
  known: Map<string, Identity>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = (fault?: string) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(signInPage(request.url!, fault));
  };
  if (request.method !== 'POST') return page();
  const form = new URLSearchParams(await text(request));
  const sub = form.get('sub') ?? '';
  try {
    if (form.has('attrs') || !known.has(sub)) known.set(sub, customer(sub, form.get('attrs') ?? ''));
  } catch (error) {
    return page((error as Error).message);
  }
  await provider.interactionFinished(request, response, { login: { accountId: sub } });
}

/** Grants at once what was asked for and the identity may have; there is nothing to consent to. */
async function grantOf(provider: Provider, { oidc }: Context, identity: Identity | undefined) {
  const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  const allowed = new Set(identity?.scope.split(' '));
  for (const scope of oidc.requestParamOIDCScopes) grant.addOIDCScope(scope);
  for (const scope of oidc.requestParamScopes) {
    if (allowed.has(scope)) grant.addResourceScope(RESOURCE, scope);
    else grant.rejectResourceScope(RESOURCE, scope);
  }
  await grant.save();
  return grant;
}

const machineClient = ({ id, secret }: Issuer['client']) => ({
  client_id: id,
  client_secret: secret,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  scope: 'ledger:read',
});

const browserClient = (id: string, origin: string, paths: readonly string[]) => ({
  client_id: id,
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: paths.map((path) => origin + path),
  post_logout_redirect_uris: [`${origin}/`],
});
