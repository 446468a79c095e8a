// The issuer's key: made at the first start, kept in a file that only its owner reads.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';

/** A private ES256 key as a JWK, `kid` and `alg` included. */
export type SigningKey = JWK & { kid: string };

/** What a token says. */
export interface TokenClaims {
  readonly sub: string;
  /** Space separated. */
  readonly scope: string;
  readonly team?: string;
  /** The user's attributes, which conditions may name. */
  readonly attrs?: Record<string, unknown>;
  readonly issuer: string;
  readonly audience?: string;
  /** From now. Unit: seconds; 12 hours by default, negative for one that has expired. */
  readonly lifetimeSeconds?: number;
}

/** The audience of every token of the platform. */
export const AUDIENCE = 'voucher-platform';

/** Where the issuer of a data folder keeps its key. */
export const keyFile = (dataDir: string): string => join(dataDir, 'issuer', 'key.jwk.json');

/** A new key pair. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

/** The key of a data folder, made (mode 600) where there is none yet. */
export async function keptSigningKey(dataDir: string): Promise<SigningKey> {
  const file = keyFile(dataDir);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return JSON.parse(kept) as SigningKey;
  const key = await createSigningKey();
  await mkdir(dataDir, { recursive: true });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // wx: of two first starts at once, one makes the key and both use it.
  return writeFile(file, JSON.stringify(key), { mode: 0o600, flag: 'wx' }).then(
    () => key,
    () => keptSigningKey(dataDir),
  );
}

/** The part of the key that a JWKS shows. */
export function publicJwk({ d: _secret, ...rest }: SigningKey): JWK {
  return rest;
}

/** A signed access token (RFC 9068's shape). */
export async function signToken(key: SigningKey, claims: TokenClaims): Promise<string> {
  const { sub, scope, team = 'default', attrs = {}, issuer, audience = AUDIENCE, lifetimeSeconds = 12 * 3600 } = claims;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ scope, team, attrs })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(await importJWK(key, 'ES256'));
}
