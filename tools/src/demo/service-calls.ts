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

/** The items of one key that were begun last: those of one moment, and those before them. */
interface Turn {
  moment: unknown;
  before: Promise<unknown> | undefined;
  now: Promise<unknown>;
}

/**
 * Runs `work` for every item, `width` items at a time. Items with a key in common run one after another, in order; but
 * those of the same moment, if there is one, run at the same time. The first failure ends it.
 */
export async function eachOf<T>(
  items: T[],
  width: number,
  keysOf: (item: T) => string | readonly string[],
  work: (item: T) => Promise<void>,
  momentOf: (item: T) => unknown = () => undefined,
): Promise<void> {
  const turns = new Map<string, Turn>();
  const waiting = items.values();
  let failed = false;
  const begin = (item: T): Promise<void> => {
    const keys = [keysOf(item)].flat();
    const moment = momentOf(item);
    const isTogether = (turn: Turn | undefined): boolean => moment !== undefined && turn?.moment === moment;
    // An item waits only for items before it, so no two wait for each other.
    const before = keys.map((key) => turns.get(key)).map((turn) => (isTogether(turn) ? turn!.before : turn?.now));
    const now = Promise.all(before).then(() => work(item));
    for (const [index, key] of keys.entries()) {
      const turn = turns.get(key);
      turns.set(key, {
        moment,
        before: before[index],
        // The worker of each item reports its failure.
        now: isTogether(turn) ? Promise.allSettled([turn!.now, now]) : now,
      });
    }
    return now;
  };
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      try {
        await begin(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
