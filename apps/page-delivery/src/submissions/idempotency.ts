// The identity of a submission: its asker, its key and its body (semantics.md, "Identity and idempotency").
import { hash, randomFillSync } from 'node:crypto';
import canonicalize from 'canonicalize';
import { uuidv7 } from '@vouchers/contracts';
import type { Caller } from '@vouchers/service';

/** A hash of the caller's team, subject and acting user. A submission is shown only to its asker. */
export function askerOf(caller: Caller): string {
  return hash('sha256', JSON.stringify([caller.team, caller.sub, actingUser(caller)]));
}

const HASH_OF_NOTHING = hash('sha256', '{}');

/** SHA-256 of the body as canonical JSON (RFC 8785), hex. */
export function hashOfBody(body: object): string {
  return Object.keys(body).length === 0 ? HASH_OF_NOTHING : hash('sha256', canonicalize(body) ?? 'null');
}

/** The same caller, key, method and path give the same UUIDv8. Without a key, each call gives a new one. */
export function submissionIdOf(caller: Caller, method: string, path: string, key: string | undefined): string {
  if (key === undefined) return randomSubmissionId();
  return uuidv8(hash('sha256', JSON.stringify([caller.team, caller.sub, actingUser(caller), method, path, key])));
}

/** The id of a submission that has no idempotency key. */
export function randomSubmissionId(): string {
  return uuidv8(randomHex(16));
}

/** The id of what an order call submits for a claim at one of its steps. */
export function submissionIdOfStep(callId: string, claimId: string, step: string): string {
  return uuidv8(hash('sha256', JSON.stringify([callId, claimId, step])));
}

/** The id of a new claim or redemption: a UUIDv7 that contains its partition. @param at Unix milliseconds */
export function idInPartition(at: number, partition: number): string {
  const random = randomHex(8);
  return uuidv7(
    Math.max(0, at),
    partition,
    Number.parseInt(random.slice(0, 8), 16),
    Number.parseInt(random.slice(8), 16),
  );
}

const actingUser = (caller: Caller): string | null => (caller.acting ? (caller.userId ?? null) : null);

/** A UUIDv8 (RFC 9562, 5.8) with 122 bits of the first 32 hex digits. */
function uuidv8(digits: string): string {
  const variant = '89ab'[Number.parseInt(digits[16]!, 16) & 0x3]!;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

// Random bytes for hundreds of ids are read at once, since one call of the system per id would be most of its cost.
const random = Buffer.alloc(8_192);
let used = random.length;

function randomHex(bytes: number): string {
  if (used + bytes > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += bytes;
  return random.toString('hex', used - bytes, used);
}
