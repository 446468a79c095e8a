import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { Scope } from '@vouchers/contracts';

const SCOPES: readonly Scope[] = ['vouchers:read', 'vouchers:write', 'vouchers:publish', 'pages:read', 'ledger:read'];

/** A scope that users may lack and that an issuer may not know. It is asked for only where it has an effect. */
const AUDIT: Scope = 'audit:read';

/** Signs in (code + PKCE) and out, and renews tokens by refresh token, never by an iframe. */
export function userManagerOf(issuer: string, clientId: string, tenancy: 'open' | 'team'): UserManager {
  const { origin } = location;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${origin}/callback`,
    post_logout_redirect_uri: `${origin}/`,
    scope: ['openid', 'offline_access', ...SCOPES, ...(tenancy === 'team' ? [AUDIT] : [])].join(' '),
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
  });
}
