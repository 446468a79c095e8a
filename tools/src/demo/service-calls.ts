// An HTTP client with patience: it repeats a request with the same key while the service is away or has not decided.
import { setTimeout as pause } from 'node:timers/promises';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: unknown;
  /** The body as JSON, for whoever sends a large one many times. */
  json?: string;
}

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
  /** Duration of the request that was answered. Unit: milliseconds. */
  tookMs: number;
}

/** How long a service may be away or undecided before the caller gives up. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 250;

/** Not decided yet, too many requests, away: a repeated request with the same key gets the final answer later. */
const ASK_AGAIN = new Set([202, 429, 503]);

/**
 * Repeats the request until the answer is one of `expected`. After a broken connection it repeats only if `repeatable`
 * (a GET, a PUT, or a POST with an Idempotency-Key), since another write may have been carried out.
 * @throws Error with the status and the problem if the answer is another one, or after PATIENCE_MS
 */
export async function ask<Body>(
  call: Call,
  expected: number[],
  signal: AbortSignal,
  alsoAskAgain: number[] = [],
): Promise<Answer<Body>> {
  const repeatable = call.method !== 'POST' || 'Idempotency-Key' in call.headers;
  const until = performance.now() + PATIENCE_MS;
  const what = `${call.method} ${new URL(call.url).pathname}`;
  const body = call.json ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const headers = body === undefined ? call.headers : { ...call.headers, 'Content-Type': 'application/json' };

  for (;;) {
    signal.throwIfAborted();
    const began = performance.now();
    let last: string;
    try {
      const response = await fetch(call.url, { method: call.method, headers, body, signal });
      const text = await response.text();
      if (expected.includes(response.status)) {
        return {
          status: response.status,
          headers: response.headers,
          body: parsed<Body>(text),
          tookMs: performance.now() - began,
        };
      }
      last = `${response.status} ${text.slice(0, 500)}`;
      if (!ASK_AGAIN.has(response.status) && !alsoAskAgain.includes(response.status))
        throw new Unexpected(`${what}: ${last}`);
    } catch (error) {
      if (error instanceof Unexpected || signal.aborted || !repeatable) throw error;
      last =
        (error as Error).cause instanceof Error ? ((error as Error).cause as Error).message : (error as Error).message;
    }
    if (performance.now() > until) throw new Error(`${what}: no answer within ${PATIENCE_MS / 1000} s; last ${last}`);
    await pause(PAUSE_MS, undefined, { signal });
  }
}

class Unexpected extends Error {}

const parsed = <Body>(text: string): Body => (text === '' ? undefined : JSON.parse(text)) as Body;

/**
 * Runs `work` for every item, `width` items at a time. Items with the same key run one after another, in order.
 * The first failure ends it.
 */
export async function eachOf<T>(
  items: T[],
  width: number,
  keyOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const turns = new Map<string, Promise<void>>();
  const waiting = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      const key = keyOf(item);
      const turn = (turns.get(key) ?? Promise.resolve()).then(() => work(item));
      turns.set(key, turn);
      try {
        await turn;
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
