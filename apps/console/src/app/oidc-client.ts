import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { Scope } from '@vouchers/contracts';

const SCOPES: readonly Scope[] = ['vouchers:read', 'vouchers:write', 'vouchers:publish', 'pages:read', 'ledger:read'];

/** Signs in (code + PKCE) and out, and renews tokens by refresh token, never by an iframe. */
export function userManagerOf(issuer: string, clientId: string): UserManager {
  const { origin } = location;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${origin}/callback`,
    post_logout_redirect_uri: `${origin}/`,
    scope: ['openid', 'offline_access', ...SCOPES].join(' '),
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
  });
}
