// The hash of an event: over the hash before it and all that the event says, but neither `decidedAt`, which is another
// one when a restored ledger decides the same records again, nor the trace. What is personal counts through a
// commitment: SHA-256 over a random salt and the personal part. When a user is forgotten, the commitment is kept and
// the rest is deleted, and no hash changes.
import type { Claim, Discount, EventData, Order } from '@vouchers/contracts';
import { CLAIM, EVENT_DATA, EVENT_ENTRY, REDEMPTION, remembered, without, writerOf } from '@vouchers/contracts/schemas';
import { hash } from 'node:crypto';
import type { StoredEvent } from '../rows.ts';

/** The length of a hash. Unit: bytes. */
export const HASH_BYTES = 32;
/** The hash before a partition's first event. In memory every hash is hex. */
export const GENESIS = '0'.repeat(2 * HASH_BYTES);

/** An event with its parsed `data`. */
export type HashedEvent = Pick<
  StoredEvent,
  'partition' | 'seq' | 'type' | 'voucherId' | 'submissionId' | 'facts' | 'submission' | 'salt' | 'commitment'
> & { said: EventData };

// A part without fields of its own is written with sorted keys, so that it may pass through jsonb.
const sorted = (value: unknown): string => JSON.stringify(value, withSortedKeys) ?? 'null';
const ofClaim = writerOf(without(CLAIM, ['userId']), {
  lock: ({ until }: NonNullable<Claim['lock']>) => sorted(until),
});
/** An order's amount counts openly. Its id and its items are personal. */
const ofRedemption = writerOf(without(REDEMPTION, ['userId']), {
  order: ({ amount, currency }: Order) => `[${amount},${JSON.stringify(currency)}]`,
  discount: sortedDiscount,
});
/** Writes what counts openly, in the contract's order. A field that only later releases write changes no older text. */
const openText = writerOf(without(EVENT_DATA, ['decidedAt', 'userId', 'comment', 'bodyHash', 'asker', 'by']), {
  team: remembered(),
  labels: remembered(sortedOnce()),
  claim: ofClaim,
  redemption: ofRedemption,
  // The event's `userId` says whose entry it is.
  entry: writerOf(without(EVENT_ENTRY, ['userId'])),
  definition: sorted,
  checks: remembered(sortedOnce()),
});

/** As `sorted`, much faster: each redemption of a benefit of money has one. A field that it does not know takes part, too. */
function sortedDiscount(discount: Discount): string {
  const { amount, currency, lines, ...more } = discount;
  for (const _ in more) return sorted(discount);
  const parts: string[] = [];
  for (const { sku, amount: part, ...moreOfLine } of lines) {
    for (const _ in moreOfLine) return sorted(discount);
    parts.push(sku === undefined ? `{"amount":${part}}` : `{"amount":${part},"sku":${JSON.stringify(sku)}}`);
  }
  return `{"amount":${amount},"currency":${JSON.stringify(currency)},"lines":[${parts.join(',')}]}`;
}

/** The most texts that are remembered. */
const MOST_TEXTS = 100;

/**
 * `sorted`, but once for each text. Stored events have the same labels and checks again and again, in objects of their
 * own, and sorting keys costs more than the rest of a hash.
 */
function sortedOnce(): (value: unknown) => string {
  const texts = new Map<string, string>();
  return (value) => {
    const plain = JSON.stringify(value) ?? 'null';
    let text = texts.get(plain);
    if (text === undefined) {
      if (texts.size >= MOST_TEXTS) texts.clear();
      texts.set(plain, (text = sorted(value)));
    }
    return text;
  };
}

function withSortedKeys(_: string, part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The personal part of an event as text: who it is about, who asked, and what they wrote or ordered. */
export function personalOf({ said, facts, submission }: HashedEvent): string {
  const { userId, claim, redemption, asker, by, comment, bodyHash } = said;
  const ordered = [claim?.lock?.orderId, redemption?.order];
  const who = [userId, claim?.userId, redemption?.userId, asker, by];
  return JSON.stringify([...who, comment, bodyHash, ...ordered, facts, submission]);
}

/**
 * The commitment to an event's personal part. Hex. Empty for an event without a submission, which has no salt: its
 * claim's id says whose it is, as the event that granted the claim does.
 * @throws Error if a verdict event has neither salt nor commitment: `derivedSalt` gives the salt of one that an earlier
 * release wrote
 */
export function commitmentOf(event: HashedEvent): string {
  if (event.commitment !== null) return event.commitment;
  if (event.submissionId === null) return '';
  if (event.salt === null) throw new Error(`event ${event.partition}:${event.seq} has no salt`);
  return hash('sha256', event.salt + personalOf(event), 'hex');
}

/** The hash of an event. Hex. @param previous the hash of the event before it, or `GENESIS` */
export function hashOf(previous: string, event: HashedEvent): string {
  const { partition, seq, type, voucherId, submissionId, said } = event;
  const place = `${previous} ${partition}:${seq} ${type} ${voucherId} ${submissionId ?? '-'} `;
  return hash('sha256', `${place}${commitmentOf(event)} ${openText(said)}`, 'hex');
}

/** The salt of an event whose submission brought none. @param secret of this database */
export function derivedSalt(secret: Buffer, submissionId: string): string {
  // A hash of a text of fixed length under a secret is as hard to guess as an HMAC, which costs twenty times as much.
  return uuidOf(hash('sha256', `${secret.toString('hex')} ${submissionId}`, 'hex'));
}

/** UUIDv8 from a hash. */
export function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
