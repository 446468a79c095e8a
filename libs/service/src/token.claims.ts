// Reads a verified token. A claim of the wrong shape does not count as absent. Otherwise a token whose team is a list
// would have the rights of the team `default`.
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { isParty, type Facts } from '@vouchers/contracts';
import { expectStorable } from './json.ts';
import { unauthorized } from './problem.ts';

/** The accepted difference of clocks for `exp`, `nbf` and `iat`. Unit: seconds. */
export const CLOCK_TOLERANCE_SECONDS = 2;

/** The content of a token. */
export interface TokenClaims {
  sub: string;
  /** The name of a person to show. Absent if the issuer does not tell one. */
  name?: string;
  team: string;
  scopes: ReadonlySet<string>;
  attributes: Facts;
  /** Team and sub in one text. */
  key: string;
}

/** The accepted types. Other tokens of the issuer may have our audience, too, such as logout tokens. */
const TYPES = new Set(['jwt', 'at+jwt']);

/** @throws ProblemError 401 for a token that is no access token. RFC 7515, 4.1.9: `application/` may be left out. */
export function expectAccessToken({ typ }: Pick<JWTHeaderParameters, 'typ'>): void {
  if (typ === undefined) return;
  if (typeof typ === 'string' && TYPES.has(typ.toLowerCase().replace(/^application\//, ''))) return;
  throw unauthorized('type', 'The `typ` of the token must be `JWT` or `at+jwt`, or be left out.');
}

/**
 * @param now Unix seconds; the age of a token without `iat` counts from here
 * @throws ProblemError 401 for a token that is valid for longer than `maxAgeSeconds`
 */
export function expectAge({ iat, exp }: JWTPayload, maxAgeSeconds: number, now: number): void {
  const from = iat ?? now + CLOCK_TOLERANCE_SECONDS;
  if (typeof from !== 'number' || from > now + CLOCK_TOLERANCE_SECONDS)
    throw unauthorized('age', 'The `iat` of the token must not be in the future.');
  // `exp` may be Infinity, because JSON has numbers such as 1e999.
  if (!(exp! - from <= maxAgeSeconds))
    throw unauthorized('age', `The token may be good for ${maxAgeSeconds} seconds at most (TOKEN_MAX_AGE).`);
}

/** @throws ProblemError 401 that names the claim of the wrong shape */
export function claimsOf(payload: JWTPayload): TokenClaims {
  const { sub, scope = '', team = 'default', attrs = {} } = payload;
  if (!isParty(sub)) throw unauthorized('claim', `The \`sub\` of the token ${PARTY}`);
  if (!isParty(team)) throw unauthorized('claim', `The \`team\` of the token ${PARTY}`);
  if (typeof scope !== 'string') throw unauthorized('claim', 'The `scope` of the token must be words in one text.');
  const name = [payload['name'], payload['preferred_username']].find(isParty);
  return {
    sub,
    ...(name !== undefined && { name }),
    team,
    key: JSON.stringify([team, sub]),
    scopes: new Set(scope.split(' ').filter(Boolean)),
    attributes: attributesOf(attrs),
  };
}

const PARTY = 'must be 1 to 255 characters, none of them a control character.';

function attributesOf(attrs: unknown): Facts {
  if (typeof attrs !== 'object' || attrs === null || Array.isArray(attrs))
    throw unauthorized('claim', 'The `attrs` of the token must be an object.');
  try {
    expectStorable(attrs);
  } catch {
    throw unauthorized('claim', 'The `attrs` of the token must not have a NUL or half a surrogate pair, nor be deep.');
  }
  return attrs as Facts;
}
