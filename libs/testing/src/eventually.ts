import { setTimeout as pause } from 'node:timers/promises';

/** Times of `eventually`. Unit: milliseconds. */
export interface EventuallyOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Calls `probe` until it neither throws nor returns `false`, `null` or `undefined`, and returns its value.
 * @param what the condition that should become true, as a sentence for the error message
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<NonNullable<T>> {
  const until = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await probe();
      if (value !== false && value !== null && value !== undefined) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await pause(everyMs);
  } while (performance.now() < until);
  const seen = last instanceof Error ? last.message : String(last);
  throw new Error(`not within ${timeoutMs} ms: ${what} (last: ${seen})`, { cause: last });
}
