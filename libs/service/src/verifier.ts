// Verifies tokens against the issuer's JWKS. A verified token is remembered by its hash for some minutes, and forgotten
// when the JWKS changes: a key that was taken away must not go on by the tokens that it signed.
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createRemoteJWKSet, errors, jwksCache, jwtVerify, type JWTVerifyResult, type RemoteJWKSet } from 'jose';
import { LRUCache } from 'lru-cache';
import { discover } from './discovery.ts';
import { unauthorized, unavailable } from './problem.ts';
import type { ServiceSettings } from './settings.ts';
import { claimsOf, CLOCK_TOLERANCE_SECONDS, expectAccessToken, expectAge, type TokenClaims } from './token.claims.ts';

/** Pinned: neither `none` nor a symmetric algorithm is ever considered. */
const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const REMEMBERED_TOKENS = 10_000;
/** The length of all remembered tokens together, since attributes may be long. Unit: characters. */
const REMEMBERED_LENGTH = 16 * 1024 * 1024;
/** How long a verified token is remembered. */
const REMEMBERED_MS = 10 * 60_000;
/** While tokens come, the issuer is asked so often whether its keys have changed. Nobody waits for it. */
const KEYS_EVERY_MS = 60_000;
/** How long the issuer may take to give its keys. */
const KEYS_MS = 5_000;

/** A verified token. */
export interface VerifiedToken extends TokenClaims {
  /** When it runs out, or must be verified again. Unix milliseconds. */
  goodUntil: number;
}

export class TokenVerifier {
  private keys?: RemoteJWKSet;
  /** jose puts each JWKS here that it fetches. */
  private readonly fetched: { jwks?: object } = {};
  /** The JWKS that the remembered tokens were verified by. */
  private known?: object;
  private askedAt = 0;
  private readonly remembered = new LRUCache<string, VerifiedToken>({
    max: REMEMBERED_TOKENS,
    maxSize: REMEMBERED_LENGTH,
  });
  /** The last header of each open connection. Most requests send it again, which then needs no hash. */
  private saidLast = new WeakMap<object, { authorization: string; token: VerifiedToken }>();

  constructor(
    private readonly settings: Pick<ServiceSettings, 'issuer' | 'audience' | 'discoveryUrl' | 'tokenMaxAgeSeconds'>,
  ) {}

  /** Fetches the keys before the first token comes, which else would wait for them. Throws where they cannot be had. */
  async prepare(): Promise<void> {
    this.askedAt = Date.now();
    await (await this.keySet()).reload();
  }

  /**
   * Reads the token of an `Authorization` header, at once if it is remembered. Throws or rejects: 401 for one that is
   * not valid, or none, 503 while the issuer's keys cannot be had.
   */
  claimsOf(authorization: string, connection: object): VerifiedToken | Promise<VerifiedToken> {
    const now = Date.now();
    if (this.fetched.jwks !== this.known) this.forgetIfChanged();
    if (now >= this.askedAt + KEYS_EVERY_MS) this.prepare().catch(() => undefined);
    const last = this.saidLast.get(connection);
    if (last?.authorization === authorization && now < last.token.goodUntil) return last.token;
    const [, text] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (!text) throw unauthorized();
    const token = this.remembered.get(keyOf(text));
    if (!token || now >= token.goodUntil) return this.verify(text);
    this.saidLast.set(connection, { authorization, token });
    return token;
  }

  private async verify(text: string): Promise<VerifiedToken> {
    const before = this.fetched.jwks;
    const { payload, protectedHeader } = await this.verified(text);
    expectAccessToken(protectedHeader);
    const now = Date.now();
    expectAge(payload, this.settings.tokenMaxAgeSeconds, now / 1_000);
    const goodUntil = Math.min((payload.exp! + CLOCK_TOLERANCE_SECONDS) * 1_000, now + REMEMBERED_MS);
    const token = { ...claimsOf(payload), goodUntil };
    // If other keys came meanwhile, nobody knows which of them verified it.
    if (this.fetched.jwks === before) this.remembered.set(keyOf(text), token, { size: text.length });
    return token;
  }

  private forgetIfChanged(): void {
    const { jwks } = this.fetched;
    if (!isDeepStrictEqual(jwks, this.known)) {
      this.remembered.clear();
      this.saidLast = new WeakMap();
    }
    this.known = jwks;
  }

  private async verified(text: string): Promise<JWTVerifyResult> {
    const { issuer, audience } = this.settings;
    const options = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    try {
      return await jwtVerify(text, await this.keySet(), options);
    } catch (error) {
      if (isRefusal(error)) throw unauthorized();
      throw unavailable('The keys of the token issuer cannot be had.');
    }
  }

  /** A service starts without its issuer; once found, jose keeps it fresh. */
  private async keySet(): Promise<RemoteJWKSet> {
    const { issuer, discoveryUrl } = this.settings;
    this.keys ??= createRemoteJWKSet(new URL((await discover(issuer, discoveryUrl)).jwks_uri), {
      timeoutDuration: KEYS_MS,
      cooldownDuration: 5_000,
      [jwksCache]: this.fetched as Record<string, never>,
    });
    return this.keys;
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');

/** The token is at fault, not the way to the keys. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  // Plain JOSEError: the JWKS was not answered with 200 or is no JSON.
  return !(
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  );
}
