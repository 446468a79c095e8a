const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON object that stands in these bytes; undefined where none does. */
export function objectIn(value: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(UTF_8.decode(value));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    // Not the parser's own words: they repeat what stands there.
    return undefined;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
