// Explains why a token was refused, for the log: what was told and what was wanted, never the token.
import { decodeProtectedHeader, errors } from 'jose';
import { unacceptable, type ProblemError } from './problem.ts';

/** The values that a good token has. */
export interface Wanted {
  issuer: string;
  audience: string;
  algorithms: readonly string[];
}

const MOST_SHOWN = 200;

/** The refusal of a token for an error of jose. Undefined if the access to the keys is at fault, not the token. */
export function refusalOf(error: unknown, token: string, wanted: Wanted): ProblemError | undefined {
  if (!(error instanceof errors.JOSEError)) return undefined;
  if (error instanceof errors.JWTExpired)
    return unacceptable(
      'expired',
      `its exp was ${shown(error.payload.exp)}, and it is ${Math.floor(Date.now() / 1_000)}`,
    );
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaim(error, wanted);
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return unacceptable(
      'algorithm',
      `its alg is ${headerOf(token, 'alg')}, and these are taken: ${wanted.algorithms.join(', ')}`,
    );
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return unacceptable('key', `the issuer's JWKS has no single key for its kid ${headerOf(token, 'kid')}`);
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return unacceptable('signature', `its signature does not fit the issuer's key ${headerOf(token, 'kid')}`);
  // A plain JOSEError means that the JWKS was not answered with 200 or is no JSON.
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC')
    return undefined;
  return unacceptable('malformed', 'it is no JWT');
}

function ofClaim({ claim, reason, payload }: errors.JWTClaimValidationFailed, wanted: Wanted): ProblemError {
  const told = shown(payload[claim]);
  switch (claim) {
    case 'iss':
      return unacceptable('issuer', `its iss is ${told}, and the issuer is ${shown(wanted.issuer)}`);
    case 'aud':
      return unacceptable('audience', `its aud is ${told}, and OIDC_AUDIENCE is ${shown(wanted.audience)}`);
    case 'nbf':
      return unacceptable('early', `its nbf is ${told}`);
    default:
      return unacceptable('claim', `its ${claim} is ${told} (${reason})`);
  }
}

function headerOf(token: string, name: 'alg' | 'kid'): string {
  try {
    return shown(decodeProtectedHeader(token)[name]);
  } catch {
    return 'unreadable';
  }
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, MOST_SHOWN);
