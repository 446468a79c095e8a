// Times as text. Texts are cached, because an event has about six times and its neighbours mostly have the same ones.

const REMEMBERED = 1_000;
const texts = new Map<number, string>();

/** RFC 3339 in UTC with milliseconds, the same text as `Date.prototype.toISOString`. */
export function rfc3339(at: number): string {
  const known = texts.get(at);
  if (known !== undefined) return known;
  if (texts.size >= REMEMBERED) texts.clear();
  const text = new Date(at).toISOString();
  texts.set(at, text);
  return text;
}
