import { CONSOLE_SCOPES } from '@vouchers/contracts';
import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

/** Signs in (code + PKCE) and out, and renews tokens by refresh token, never by an iframe. */
export function userManagerOf(
  issuer: string,
  clientId: string,
  scope = `openid ${CONSOLE_SCOPES.join(' ')}`,
): UserManager {
  const { origin } = location;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${origin}/callback`,
    post_logout_redirect_uri: `${origin}/`,
    scope,
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
  });
}

const REVOKED_WITHIN_MS = 5_000;

/** Ends a refresh token (RFC 7009), which could be used after the sign-out otherwise. */
export async function revoke({ settings, metadataService }: UserManager, token: string): Promise<void> {
  const endpoint = await metadataService.getRevocationEndpoint();
  if (endpoint === undefined) return;
  await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({ token, token_type_hint: 'refresh_token', client_id: settings.client_id }),
    keepalive: true,
    signal: AbortSignal.timeout(REVOKED_WITHIN_MS),
  });
}
