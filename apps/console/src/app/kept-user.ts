// What oidc-client-ts keeps of a sign-in, as it writes it. Read without that library: it is large, and seldom needed.
const PREFIX = 'oidc.user:';

/** Units: seconds since 1970 for `expires_at`. */
export interface KeptUser {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_at?: number;
}

export const isKeptUserKey = (key: string | null): boolean => key?.startsWith(PREFIX) ?? false;

/** Who is signed in at an issuer. */
export const keptUser = (issuer: string, clientId: string): KeptUser | undefined =>
  readUser(`${PREFIX}${issuer}:${clientId}`);

/** Who is signed in, where the issuer is not known yet; nobody where that is not certain. */
export function onlyKeptUser(): KeptUser | undefined {
  const [key, ...others] = Object.keys(localStorage).filter(isKeptUserKey);
  return key === undefined || others.length > 0 ? undefined : readUser(key);
}

/** Unit: seconds. */
export const secondsLeft = ({ expires_at }: KeptUser): number =>
  expires_at === undefined ? Infinity : expires_at - Date.now() / 1_000;

/** A token that has less than this left is renewed before it is used. */
export const RENEW_BEFORE_SECONDS = 60;

/** A damaged entry is nobody: whose it was signs in again. */
function readUser(key: string): KeptUser | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<KeptUser> | null;
    return typeof kept?.access_token === 'string' ? (kept as KeptUser) : undefined;
  } catch {
    return undefined;
  }
}
