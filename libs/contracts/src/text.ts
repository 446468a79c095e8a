// One check of text and of time for every source: bodies, addresses, headers, tokens. It judges what is sent or saved
// from now on. Readers of topics and tables do not ask it, since they take whatever any release accepted.

/** The length of a text as this platform counts: in code points, so that an emoji is one. */
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

/** May this be a user or a team? 1 to 255 code points, none of them a control character. */
export function isParty(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_PARTY * 2) return false;
  return !/\p{Cc}/u.test(value) && value.isWellFormed() && codePointsOf(value) <= LONGEST_PARTY;
}

/** Anything but spaces, controls and characters without a shape of their own: U+2800 is Braille without dots. */
const VISIBLE = /[^\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Would a reader see anything of it? */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/** `key:value`, by which vouchers are found. As a JSON Schema its source is judged with the flag `u`, too: in code points. */
export const LABEL = /^([a-z0-9-]{1,63}):([\s\S]{0,200})$/u;

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The years 0001 to 9999 in UTC, which texts and databases agree on. Unix milliseconds, half-open. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
export const TIME_END = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/** Unix milliseconds of an RFC 3339 time with offset. Undefined where it is none, or not within the years 0001 to 9999 in UTC. */
export function timeOf(value: unknown): number | undefined {
  const [, year, month, day] = (typeof value === 'string' && RFC_3339.exec(value)) || [];
  if (!year) return undefined;
  // Date takes 30 February for 1 March, and the year 12 for 1912: four centuries later the calendar is the same.
  const named = new Date(Date.UTC((Number(year) % 400) + 2000, Number(month) - 1, Number(day)));
  if (named.getUTCMonth() !== Number(month) - 1 || named.getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse((value as string).toUpperCase());
  return at >= EARLIEST && at < TIME_END ? at : undefined;
}

/** To be told where `timeOf` finds none. */
export const TIME_WANTED = 'must be an RFC 3339 time with an offset, in the years 0001 to 9999 in UTC';
