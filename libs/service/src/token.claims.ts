// Reads a verified token. A claim without its shape is never read as if it were absent: a team that is a list would
// become the team `default`, with its rights.
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { isParty, type Facts } from '@vouchers/contracts';
import { expectStorable } from './json.ts';
import { unauthorized } from './problem.ts';

/** Difference of clocks that `exp`, `nbf` and `iat` are forgiven. Unit: seconds. */
export const CLOCK_TOLERANCE_SECONDS = 2;

/** The content of a token. */
export interface TokenClaims {
  sub: string;
  team: string;
  scopes: ReadonlySet<string>;
  attributes: Facts;
  /** Team and sub in one. */
  key: string;
}

/** Other tokens of the issuer may have our audience, too: those that sign a user out, or that introduce a client. */
const TYPES = new Set(['jwt', 'at+jwt']);

/** @throws ProblemError 401 for a token that is no access token. RFC 7515, 4.1.9: `application/` may be left out. */
export function expectAccessToken({ typ }: Pick<JWTHeaderParameters, 'typ'>): void {
  if (typ === undefined) return;
  if (typeof typ === 'string' && TYPES.has(typ.toLowerCase().replace(/^application\//, ''))) return;
  throw unauthorized('The `typ` of the token must be `JWT` or `at+jwt`, or be left out.');
}

/**
 * @param now Unix seconds, from which a token without `iat` counts
 * @throws ProblemError 401 for a token that is good for longer than `maxAgeSeconds`
 */
export function expectAge({ iat, exp }: JWTPayload, maxAgeSeconds: number, now: number): void {
  const from = iat ?? now + CLOCK_TOLERANCE_SECONDS;
  if (typeof from !== 'number' || from > now + CLOCK_TOLERANCE_SECONDS)
    throw unauthorized('The `iat` of the token must not be in the future.');
  // `exp` may be Infinity: JSON has numbers such as 1e999.
  if (!(exp! - from <= maxAgeSeconds))
    throw unauthorized(`The token may be good for ${maxAgeSeconds} seconds at most (TOKEN_MAX_AGE).`);
}

/** @throws ProblemError 401 that names the claim which does not have its shape */
export function claimsOf({ sub, scope = '', team = 'default', attrs = {} }: JWTPayload): TokenClaims {
  if (!isParty(sub)) throw unauthorized(`The \`sub\` of the token ${PARTY}`);
  if (!isParty(team)) throw unauthorized(`The \`team\` of the token ${PARTY}`);
  if (typeof scope !== 'string') throw unauthorized('The `scope` of the token must be words in one text.');
  return {
    sub,
    team,
    key: JSON.stringify([team, sub]),
    scopes: new Set(scope.split(' ').filter(Boolean)),
    attributes: attributesOf(attrs),
  };
}

const PARTY = 'must be 1 to 255 characters, none of them a control character.';

function attributesOf(attrs: unknown): Facts {
  if (typeof attrs !== 'object' || attrs === null || Array.isArray(attrs))
    throw unauthorized('The `attrs` of the token must be an object.');
  try {
    expectStorable(attrs);
  } catch {
    throw unauthorized('The `attrs` of the token must not have a NUL or half a surrogate pair, nor be deep.');
  }
  return attrs as Facts;
}
