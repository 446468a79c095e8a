// UUIDs that contain the partition of a claim, redemption or event.

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** An id as services write it: in lower case. */
export const OWN_UUID = new RegExp(UUID.source);

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
  return UUID.test(id) && id[14] === '7' ? Number.parseInt(id.slice(15, 18), 16) : undefined;
}
