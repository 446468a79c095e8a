// The issuer's key. It is made at the first start, in a file that only its owner may read.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';

/** A private ES256 key as a JWK, with `kid` and `alg`. */
export type SigningKey = JWK & { kid: string };

/** The content of a token. */
export interface TokenClaims {
  readonly sub: string;
  /** Space separated scopes. */
  readonly scope: string;
  /** The person's name. */
  readonly name?: string;
  readonly team?: string;
  /** The user's attributes, which conditions may name. */
  readonly attrs?: Record<string, unknown>;
  readonly issuer: string;
  readonly audience?: string;
  /** Lifetime from now. Unit: seconds. Default 12 hours; negative for an expired token. */
  readonly lifetimeSeconds?: number;
}

/** The audience of every token of the platform. */
export const AUDIENCE = 'voucher-platform';

/** The file with the key of a data folder. */
export const keyFile = (dataDir: string): string => join(dataDir, 'issuer', 'key.jwk.json');

/** A new key pair. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

/** The key of a data folder. Makes it (mode 600) if there is none. */
export async function keptSigningKey(dataDir: string): Promise<SigningKey> {
  const file = keyFile(dataDir);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return JSON.parse(kept) as SigningKey;
  const key = await createSigningKey();
  await mkdir(dataDir, { recursive: true });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // With `wx`, one of several first starts makes the key, and all use it.
  return writeFile(file, JSON.stringify(key), { mode: 0o600, flag: 'wx' }).then(
    () => key,
    () => keptSigningKey(dataDir),
  );
}

/** The part of the key that a JWKS shows. */
export function publicJwk({ d: _secret, ...rest }: SigningKey): JWK {
  return rest;
}

/** A signed access token in the format of RFC 9068. */
export async function signToken(key: SigningKey, claims: TokenClaims): Promise<string> {
  const {
    sub,
    name,
    scope,
    team = 'default',
    attrs = {},
    issuer,
    audience = AUDIENCE,
    lifetimeSeconds = 12 * 3600,
  } = claims;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ scope, team, attrs, ...(name !== undefined && { name }) })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(await importJWK(key, 'ES256'));
}
