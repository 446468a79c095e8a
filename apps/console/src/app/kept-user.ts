// Reads the sign-in that oidc-client-ts stored. It does not load that library, which is large and seldom needed.
const PREFIX = 'oidc.user:';

/** The standard claims that name a person (OpenID Connect Core, 5.1). */
export interface Profile {
  readonly name?: string;
  readonly preferred_username?: string;
}

/** The name to show. Undefined if the issuer does not tell one. */
export const nameIn = (profile: Profile | undefined): string | undefined =>
  [profile?.name, profile?.preferred_username].find((name) => typeof name === 'string' && name.trim() !== '');

/** `expires_at`: Unix seconds. */
export interface KeptUser {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_at?: number;
  /** The claims of the ID token. */
  readonly profile?: Profile;
}

export const isKeptUserKey = (key: string | null): boolean => key?.startsWith(PREFIX) ?? false;

/** The user who is signed in at this issuer. */
export const keptUser = (issuer: string, clientId: string): KeptUser | undefined =>
  readUser(`${PREFIX}${issuer}:${clientId}`);

/** The user who is signed in, for use before the issuer is known. Undefined if there are several. */
export function onlyKeptUser(): KeptUser | undefined {
  const [key, ...others] = Object.keys(localStorage).filter(isKeptUserKey);
  return key === undefined || others.length > 0 ? undefined : readUser(key);
}

export const secondsLeft = ({ expires_at }: KeptUser): number =>
  expires_at === undefined ? Infinity : expires_at - Date.now() / 1_000;

/** A token is renewed before its use if it expires sooner than this. */
export const RENEW_BEFORE_SECONDS = 60;

/** Undefined if the entry is damaged: its user must sign in again. */
function readUser(key: string): KeptUser | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<KeptUser> | null;
    return typeof kept?.access_token === 'string' ? (kept as KeptUser) : undefined;
  } catch {
    return undefined;
  }
}
