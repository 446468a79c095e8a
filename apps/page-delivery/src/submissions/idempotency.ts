// Identity of a submission: who asked, under which key, for which body (semantics.md, "Identity and idempotency").
import { hash, randomFillSync } from 'node:crypto';
import canonicalize from 'canonicalize';
import { uuidv7 } from '@vouchers/contracts';
import type { Caller } from '@vouchers/service';

/** A submission is shown to its asker alone: team, subject and acting user. */
export function askerOf(caller: Caller): string {
  return hash('sha256', JSON.stringify([caller.team, caller.sub, actingUser(caller)]));
}

const HASH_OF_NOTHING = hash('sha256', '{}');

/** SHA-256 of the body as canonical JSON (RFC 8785), hex. */
export function hashOfBody(body: object): string {
  return Object.keys(body).length === 0 ? HASH_OF_NOTHING : hash('sha256', canonicalize(body) ?? 'null');
}

/** The same caller, key, method and path give the same UUIDv8; without a key each call is a new one. */
export function submissionIdOf(caller: Caller, method: string, path: string, key: string | undefined): string {
  if (key === undefined) return randomSubmissionId();
  return uuidv8(hash('sha256', JSON.stringify([caller.team, caller.sub, actingUser(caller), method, path, key])));
}

/** For what nobody may ask about again by a key. */
export function randomSubmissionId(): string {
  return uuidv8(randomHex(16));
}

/** A claim's or redemption's id: UUIDv7 that bears its partition. `at`: Unix milliseconds. */
export function placedId(at: number, partition: number): string {
  const random = randomHex(8);
  return uuidv7(
    Math.max(0, at),
    partition,
    Number.parseInt(random.slice(0, 8), 16),
    Number.parseInt(random.slice(8), 16),
  );
}

const actingUser = (caller: Caller): string | null => (caller.acting ? (caller.userId ?? null) : null);

/** RFC 9562, 5.8: 122 bits of our own, from the first 32 hex digits. */
function uuidv8(digits: string): string {
  const variant = '89ab'[Number.parseInt(digits[16]!, 16) & 0x3]!;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

// Drawn from the system for hundreds of ids at once: a call an id would be the larger part of its cost.
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
