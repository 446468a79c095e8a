// UUIDs that contain the partition of a claim, redemption or event.

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** An id as services write it: in lower case. */
export const OWN_UUID = new RegExp(UUID.source);

const UUID_LENGTH = 36;
const VERSION_AT = 14;
const VARIANT_AT = 19;
/** The characters that may stand at a place of an id: for each place and each code below 128, 1 or 0. */
const MAY_STAND = new Uint8Array(UUID_LENGTH * 128);
for (let at = 0; at < UUID_LENGTH; at += 1) {
  const hex = at === VERSION_AT ? '12345678' : at === VARIANT_AT ? '89ab' : '0123456789abcdef';
  for (const one of [8, 13, 18, 23].includes(at) ? '-' : hex) MAY_STAND[at * 128 + one.charCodeAt(0)] = 1;
}

/** The same as `OWN_UUID.test`, but faster, because every record has several ids. */
export function isOwnUuid(text: string): boolean {
  if (text.length !== UUID_LENGTH) return false;
  for (let at = 0; at < UUID_LENGTH; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127 || MAY_STAND[at * 128 + code] === 0) return false;
  }
  return true;
}

/** The name of a page in its address. */
export const PAGE_SLUG = /^[a-z0-9-]{1,80}$/;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * UUIDv7 (RFC 9562, 5.7) whose 12 `rand_a` bits are a partition.
 * @param at the Unix time in milliseconds, 48 bits
 * @param high the upper 30 bits of `rand_b` @param low the lower 32 bits of `rand_b`
 */
export function uuidv7(at: number, partition: number, high: number, low: number): string {
  const time = hex(at, 12);
  const random = hex((high & 0x3fffffff) + 0x80000000, 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(partition, 3)}-${random.slice(0, 4)}-${random.slice(4)}${hex(low >>> 0, 8)}`;
}

/**
 * An event's id. It depends only on the event's partition, seq and time of decision, so it is stable when redelivered.
 */
export function eventId(decidedAt: number, partition: number, seq: number): string {
  return uuidv7(decidedAt, partition, Math.floor(seq / 0x100000000), seq % 0x100000000);
}

/** The partition in the id of a claim or redemption. Undefined if it is no such id. */
export function partitionOf(id: string): number | undefined {
  return id[VERSION_AT] === '7' && (isOwnUuid(id) || UUID.test(id)) ? Number.parseInt(id.slice(15, 18), 16) : undefined;
}
