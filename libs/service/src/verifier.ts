// Verifies tokens against the issuer's JWKS, and remembers them by hash until they run out.
import { hash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { isParty, type Facts } from '@vouchers/contracts';
import { discover } from './discovery.ts';
import { expectStorable } from './json.ts';
import { unauthorized, unavailable } from './problem.ts';

/** Pinned: neither `none` nor a symmetric algorithm is ever considered. */
const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const REMEMBERED_TOKENS = 10_000;
/** Difference of clocks that `exp` and `nbf` are forgiven. Unit: seconds. */
const CLOCK_TOLERANCE_SECONDS = 2;
/** How long the issuer may take to give its keys. */
const KEYS_MS = 5_000;

/** The content of a token. */
export interface TokenClaims {
  sub: string;
  team: string;
  scopes: ReadonlySet<string>;
  attributes: Facts;
  /** Team and sub in one. */
  key: string;
  /** When the token runs out. Unix milliseconds. */
  expiresAt: number;
}

interface Remembered {
  claims: TokenClaims;
  /** Unix milliseconds. */
  until: number;
}

export class TokenVerifier {
  private keys?: ReturnType<typeof createRemoteJWKSet>;
  private readonly remembered = new LRUCache<string, Remembered>({ max: REMEMBERED_TOKENS });
  /** What each open connection said last: most say the same again, which needs no hash. */
  private readonly saidLast = new WeakMap<object, { authorization: string; known: Remembered }>();

  constructor(
    private readonly issuer: string,
    private readonly audience: string,
    private readonly discoveryUrl?: string,
  ) {}

  /** Fetches the keys before the first token comes, which else would wait for them. Throws where they cannot be had. */
  async prepare(): Promise<void> {
    await (await this.keySet()).reload();
  }

  /**
   * What the token of an `Authorization` header says; at once where it was verified before and has not run out. Throws
   * or rejects: 401 for one that is not valid, or none, 503 while the issuer's keys cannot be had.
   */
  claimsOf(authorization: string, connection: object): TokenClaims | Promise<TokenClaims> {
    const last = this.saidLast.get(connection);
    if (last?.authorization === authorization && Date.now() < last.known.until) return last.known.claims;
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (!token) throw unauthorized();
    const known = this.remembered.get(keyOf(token));
    if (!known || Date.now() >= known.until) return this.verify(token);
    this.saidLast.set(connection, { authorization, known });
    return known.claims;
  }

  private async verify(token: string): Promise<TokenClaims> {
    const payload = await this.payloadOf(token);
    const claims = claimsOf(payload);
    this.remembered.set(keyOf(token), { claims, until: (payload.exp! + CLOCK_TOLERANCE_SECONDS) * 1_000 });
    return claims;
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    const options = {
      issuer: this.issuer,
      audience: this.audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    try {
      return (await jwtVerify(token, await this.keySet(), options)).payload;
    } catch (error) {
      if (isRefusal(error)) throw unauthorized();
      throw unavailable('The keys of the token issuer cannot be had.');
    }
  }

  /** A service starts without its issuer; once found, jose keeps it fresh. */
  private async keySet(): Promise<ReturnType<typeof createRemoteJWKSet>> {
    this.keys ??= createRemoteJWKSet(new URL((await discover(this.issuer, this.discoveryUrl)).jwks_uri), {
      timeoutDuration: KEYS_MS,
      cooldownDuration: 5_000,
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

function claimsOf(payload: JWTPayload): TokenClaims {
  const { sub, scope, team, attrs } = payload;
  if (!isParty(sub))
    throw unauthorized('The `sub` of the token must be 1 to 255 characters, none of them a control character.');
  const words = typeof scope === 'string' ? scope.split(' ') : Array.isArray(scope) ? scope.map(String) : [];
  const ownTeam = team === undefined ? 'default' : team;
  if (!isParty(ownTeam))
    throw unauthorized('The `team` of the token must be 1 to 255 characters, none of them a control character.');
  return {
    sub,
    team: ownTeam,
    key: JSON.stringify([ownTeam, sub]),
    expiresAt: payload.exp! * 1_000,
    scopes: new Set(words.filter(Boolean)),
    attributes: typeof attrs === 'object' && attrs !== null && !Array.isArray(attrs) ? storable(attrs as Facts) : {},
  };
}

function storable(attributes: Facts): Facts {
  try {
    expectStorable(attributes);
  } catch {
    throw unauthorized('The `attrs` of the token must not have a NUL or half a surrogate pair, nor be deep.');
  }
  return attributes;
}
