import { setTimeout as pause } from 'node:timers/promises';

/** Bounds of an `eventually`. Units: milliseconds. */
export interface EventuallyOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks `probe` until it neither throws nor gives `false`, `null` or `undefined`, and gives what it gave.
 * @param what what should become true, as a sentence: the failure bears it
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
