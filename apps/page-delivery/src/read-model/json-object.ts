const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Parses the bytes as a JSON object. Undefined if they are not one. */
export function objectIn(value: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(UTF_8.decode(value));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    // The parser's message is dropped, since it repeats the content.
    return undefined;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
