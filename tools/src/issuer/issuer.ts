// The OpenID provider of a developer's machine. It listens only there, since everyone who reaches it can be anyone.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type Provider from 'oidc-provider';
import type { Client, Context, InteractionPolicy } from 'oidc-provider';
import { SCOPES, type ServiceName } from '@vouchers/contracts';
import { IDENTITIES, type Identity } from './identities.ts';
import { handleSignIn, isSignIn, languageAsked, policyFor, signInPath } from './sign-in.handler.ts';
import { faultPage, signedOutPage, signOutPage } from './sign-in.page.ts';
import { AUDIENCE, type SigningKey } from './signing-key.ts';

/** A running issuer. */
export interface Issuer {
  readonly url: string;
  /** The client-credentials client of page-delivery. */
  readonly client: { readonly id: string; readonly secret: string };
  stop(): Promise<void>;
}

/** Options of the issuer. */
export interface IssuerOptions {
  readonly port: number;
  /** The network interface that it listens on. By default only this machine can reach it. */
  readonly host?: string;
  /** Names by which it is reached, beside those of this machine. */
  readonly names?: readonly string[];
  /** The secret of page-delivery's client. By default a new one. */
  readonly clientSecret?: string;
  readonly key: SigningKey;
  /** Origins of console, hosted page and the services' documents, at which people sign in by code + PKCE. */
  readonly origins: { readonly console: string; readonly page: string; readonly docs?: readonly string[] };
}

/** The resource of tokens as an absolute URI, which oidc-provider needs. The tokens' audience is the plain word. */
const RESOURCE = `urn:${AUDIENCE}`;
const TWELVE_HOURS = 12 * 3600;
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The address of a port of this machine. */
export const issuerUrl = (port: number): string => `http://localhost:${port}`;

/** The origins of services that listen on these ports of this machine. */
export const originsAt = (ports: Readonly<Record<ServiceName, number>>): IssuerOptions['origins'] => ({
  console: issuerUrl(ports.config),
  page: issuerUrl(ports['page-delivery']),
  docs: Object.values(ports).map(issuerUrl),
});

/** Starts the issuer. Tokens that `npm run token` signs with the same key are valid too. */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const { port, host = '127.0.0.1', names = [], key, origins } = options;
  const { default: OidcProvider, interactionPolicy } = await import('oidc-provider');
  const { default: MemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js');
  const url = issuerUrl(port);
  const client = { id: 'page-delivery', secret: options.clientSecret ?? randomBytes(24).toString('base64url') };
  const known = new Map<string, Identity>(IDENTITIES.map((identity) => [identity.sub, identity]));
  const { docs = [] } = origins;
  const browsers = [...new Set([origins.console, origins.page, ...docs])];
  const policy = policyFor(browsers);
  const show = (context: Context, page: string): void => {
    context.type = 'html';
    context.set('content-security-policy', policy);
    context.body = page;
  };
  const provider: Provider = new OidcProvider(url, {
    // The default adapter under another name, to avoid a warning at every start. Sign-ins may be forgotten here.
    adapter: class extends MemoryAdapter {},
    jwks: { keys: [key] },
    clients: [
      machineClient(client),
      browserClient('console', [origins.console], ['/', '/callback']),
      browserClient('page', [origins.page], ['/', '/callback', '/p/callback']),
      browserClient('docs', docs, ['/oauth2-redirect.html', '/docs/oauth2-redirect.html']),
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomUUID()] },
    // The console tells people that they may choose who they are only where this is said.
    discovery: { voucher_platform_local: true },
    scopes: ['openid', 'profile', 'offline_access', ...SCOPES],
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
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context: Context, form: string) => show(context, signOutPage(languageAsked(context.req), form)),
        postLogoutSuccessSource: (context: Context) => show(context, signedOutPage(languageAsked(context.req))),
      },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_context: Context, client: Client, token: Client) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES.join(' '),
          audience: AUDIENCE,
          accessTokenTTL: undefined,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    interactions: { url: (_context, { uid }) => signInPath(uid), policy: asksEachTime(interactionPolicy) },
    findAccount: (_context, sub) => (known.has(sub) && { accountId: sub, claims: () => ({ sub }) }) || undefined,
    extraTokenClaims: (_context, { accountId }) => {
      const { team = 'default', attrs = {} } = known.get(accountId ?? '') ?? {};
      return { team, attrs };
    },
    loadExistingGrant: (context) => grantOf(provider, context, known.get(context.oidc.session.accountId)),
    clientBasedCORS: (_context, origin) => browsers.includes(origin),
    pkce: { required: () => true },
    // Browsers renew by refresh token, never in a frame. They get one without asking for offline_access. It stays valid
    // when somebody else signs in at the other client.
    expiresWithSession: () => false,
    renderError: (context, { error, error_description: about }) =>
      show(context, faultPage(languageAsked(context.req), [error, about].filter(Boolean).join(': '))),
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
  });

  const answer = provider.callback();
  const context = { provider, known, clientOfUsers: 'page', policy };
  const ownNames = new Set([...LOCAL_NAMES, ...names]);
  const server = createServer((request, response) => {
    if (!ownNames.has(nameIn(request))) return void response.writeHead(421).end();
    void (isSignIn(request) ? handleSignIn(context, request, response) : answer(request, response)).catch(() => {
      response.statusCode = 500;
      response.end();
    });
  });
  server.listen(port, host);
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

/** A page whose name was made to lead to this machine (DNS rebinding) sends its own name. */
const nameIn = ({ headers: { host = '' } }: IncomingMessage): string => host.toLowerCase().replace(/:\d+$/, '');

/** Asks for an identity at every sign-in: console and page may have two, and renewals need no sign-in. */
function asksEachTime({ base, Check }: InteractionPolicy): object {
  const policy = base();
  const asked = new Check('whom', 'whom to sign in as is asked each time', ({ oidc }) => !oidc.result?.login);
  policy.get('login').checks.add(asked);
  return policy;
}

/** Grants the requested scopes that the identity may have. No consent is needed. */
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
  scope: 'ledger:read audit:read',
});

const browserClient = (id: string, origins: readonly string[], paths: readonly string[]) => ({
  client_id: id,
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: origins.flatMap((origin) => paths.map((path) => origin + path)),
  post_logout_redirect_uris: origins.map((origin) => `${origin}/`),
});
