// The checks of texts and times for every source: bodies, addresses, headers, tokens. They apply to new input. Readers
// of topics and tables do not use them, since they accept what any release accepted.

/** The length of a text in code points, so that an emoji counts as one. */
export function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Postgres stores no NUL, and UTF-8 has no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export const LONGEST_PARTY = 255;

/** Whether a text may name a user or a team: 1 to 255 code points, without control characters. */
export function isParty(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_PARTY * 2) return false;
  return !/\p{Cc}/u.test(value) && value.isWellFormed() && codePointsOf(value) <= LONGEST_PARTY;
}

/** A character that is no space, no control, and has a visible shape. U+2800 is Braille without dots. */
const VISIBLE = /[^\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a reader would see anything of the text. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/**
 * `key:value`, by which vouchers are found. JSON Schema uses its source with the flag `u`, too, so it counts code
 * points.
 */
export const LABEL = /^([a-z0-9-]{1,63}):([\s\S]{0,200})$/u;

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The years 0001 to 9999 in UTC, which texts and databases agree on. Unix milliseconds, half-open. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
export const TIME_END = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/**
 * Unix milliseconds of an RFC 3339 time with offset; undefined for other texts and outside the years 0001 to 9999 in
 * UTC.
 */
export function timeOf(value: unknown): number | undefined {
  const [, year, month, day] = (typeof value === 'string' && RFC_3339.exec(value)) || [];
  if (!year) return undefined;
  // Date takes 30 February for 1 March, and the year 12 for 1912: four centuries later the calendar is the same.
  const named = new Date(Date.UTC((Number(year) % 400) + 2000, Number(month) - 1, Number(day)));
  if (named.getUTCMonth() !== Number(month) - 1 || named.getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse((value as string).toUpperCase());
  return at >= EARLIEST && at < TIME_END ? at : undefined;
}

/** The message if `timeOf` gives undefined. */
export const TIME_WANTED = 'must be an RFC 3339 time with an offset, in the years 0001 to 9999 in UTC';
