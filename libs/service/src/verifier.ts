// Verifies tokens by the issuer's JWKS. A verified token is remembered by its hash for some minutes and forgotten when
// the JWKS changes, so that tokens of a removed key are not accepted any longer.
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createRemoteJWKSet, jwksCache, jwtVerify, type JWTVerifyResult, type RemoteJWKSet } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { discover, localSignIn, type SignIn } from './discovery.ts';
import { unauthorized, unavailable } from './problem.ts';
import { refusalOf } from './token.faults.ts';
import type { ServiceSettings } from './settings.ts';
import { claimsOf, CLOCK_TOLERANCE_SECONDS, expectAccessToken, expectAge, type TokenClaims } from './token.claims.ts';

/** The only accepted algorithms. `none` and symmetric ones are not among them. */
export const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const REMEMBERED_TOKENS = 10_000;
/** The length of all remembered tokens together, because attributes may be long. Unit: characters. */
const REMEMBERED_LENGTH = 16 * 1024 * 1024;
/** The time for which a verified token is remembered. */
const REMEMBERED_MS = 10 * 60_000;
/** The interval at which changed keys are fetched while tokens come. No request waits for that. */
const KEYS_EVERY_MS = 60_000;
/** The longest wait for the issuer's keys. */
const KEYS_MS = 5_000;

/** A verified token. */
export interface VerifiedToken extends TokenClaims {
  /** The time at which it expires or must be verified again. Unix ms. */
  goodUntil: number;
}

export class TokenVerifier {
  private keys?: RemoteJWKSet;
  /** jose stores each JWKS that it fetches here. */
  private readonly fetched: { jwks?: object } = {};
  /** The JWKS by which the remembered tokens were verified. */
  private known?: object;
  private askedAt = 0;
  /** The issuer as its metadata name it: tokens have this name. */
  private issuer: string;
  /** Where callers sign in. */
  signIn: SignIn;
  private readonly remembered = new LRUCache<string, VerifiedToken>({
    max: REMEMBERED_TOKENS,
    maxSize: REMEMBERED_LENGTH,
  });
  /** The last header of each open connection. Most requests send it again, which then needs no hash. */
  private saidLast = new WeakMap<object, { authorization: string; token: VerifiedToken }>();

  constructor(
    private readonly settings: Pick<ServiceSettings, 'issuer' | 'audience' | 'discoveryUrl' | 'tokenMaxAgeSeconds'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.issuer = settings.issuer;
    this.signIn = localSignIn(settings.issuer);
  }

  /** Fetches the keys, so that no token need wait for them. A failure is logged; the next minute tries again. */
  async refreshKeys(): Promise<void> {
    this.askedAt = Date.now();
    try {
      await (await this.keySet()).reload();
    } catch (error) {
      this.logger.warn({ err: error }, 'the keys of the token issuer cannot be fetched');
    }
  }

  /**
   * Reads the token of an `Authorization` header, at once if it is remembered. Throws or rejects with 401 if the token
   * is missing or not valid, and with 503 while the issuer's keys are not available.
   */
  claimsOf(authorization: string, connection: object): VerifiedToken | Promise<VerifiedToken> {
    const now = Date.now();
    if (this.fetched.jwks !== this.known) this.forgetIfChanged();
    if (now >= this.askedAt + KEYS_EVERY_MS) void this.refreshKeys();
    const last = this.saidLast.get(connection);
    if (last?.authorization === authorization && now < last.token.goodUntil) return last.token;
    const [, text] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (!text) throw unauthorized(authorization ? 'malformed' : 'missing');
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
    // If other keys came meanwhile, it is not known which of them verified the token.
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
    const { audience } = this.settings;
    try {
      const keys = await this.keySet();
      return await jwtVerify(text, keys, {
        issuer: this.issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
    } catch (error) {
      throw (
        refusalOf(error, text, { issuer: this.issuer, audience, algorithms: ALGORITHMS }) ??
        unavailable('The keys of the token issuer cannot be had.')
      );
    }
  }

  /** Finds the issuer when it is first needed, because a service starts without it. jose then refreshes the keys. */
  private async keySet(): Promise<RemoteJWKSet> {
    const { issuer, discoveryUrl } = this.settings;
    if (this.keys) return this.keys;
    const provider = await discover(issuer, discoveryUrl);
    this.signIn = { ...this.signIn, ...provider };
    if (provider.issuer !== this.issuer)
      this.logger.warn(
        { setting: issuer, issuer: provider.issuer },
        'OIDC_ISSUER is not exactly as the issuer names itself: tokens must have its own name',
      );
    this.issuer = provider.issuer;
    this.keys ??= createRemoteJWKSet(new URL(provider.jwks_uri), {
      timeoutDuration: KEYS_MS,
      cooldownDuration: 5_000,
      [jwksCache]: this.fetched as Record<string, never>,
    });
    return this.keys;
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');
