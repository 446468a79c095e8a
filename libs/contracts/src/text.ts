// Checks of texts and times in new input: bodies, addresses, headers and tokens. Readers of topics and tables do not
// use them, because they accept everything that an earlier release accepted.

/** The length of a text in code points, so that an emoji counts as one. */
export function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether Postgres can store a text. It stores no NUL, and UTF-8 has no lone surrogates. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export const LONGEST_PARTY = 255;

/** Whether a text may name a user or a team: 1 to 255 code points, without control characters. */
export function isParty(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_PARTY * 2) return false;
  return !/\p{Cc}/u.test(value) && value.isWellFormed() && codePointsOf(value) <= LONGEST_PARTY;
}

/** A visible character: no space and no control character. U+2800 is Braille without dots. */
const VISIBLE = /[^\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text has a visible character. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/**
 * `key:value`, by which vouchers are searched. JSON Schema uses the pattern with the flag `u`, too, so both count code
 * points.
 */
export const LABEL = /^([a-z0-9-]{1,63}):([\s\S]{0,200})$/u;

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The years 0001 to 9999 in UTC, which texts and databases have in common. Half-open, in Unix milliseconds. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
export const TIME_END = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/**
 * The Unix milliseconds of an RFC 3339 time with offset. Undefined for other texts and outside the years 0001 to 9999
 * in UTC.
 */
export function timeOf(value: unknown): number | undefined {
  const [, year, month, day] = (typeof value === 'string' && RFC_3339.exec(value)) || [];
  if (!year) return undefined;
  // Date reads 30 February as 1 March, and the year 12 as 1912. The calendar repeats every four centuries.
  const named = new Date(Date.UTC((Number(year) % 400) + 2000, Number(month) - 1, Number(day)));
  if (named.getUTCMonth() !== Number(month) - 1 || named.getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse((value as string).toUpperCase());
  return at >= EARLIEST && at < TIME_END ? at : undefined;
}

/** The message of a fault if `timeOf` returns undefined. */
export const TIME_WANTED = 'must be an RFC 3339 time with an offset, in the years 0001 to 9999 in UTC';
