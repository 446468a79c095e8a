// Follows the counters of a voucher by server-sent events. It uses fetch, since EventSource cannot send a token.
import type { Counters } from '@vouchers/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { accessToken, sessionEnded } from '../app/session.ts';
import { answer, services } from './api.ts';
import { ApiProblem, problemFrom, problemIn } from './api-problem.ts';

/** A stream without messages for this long is broken. The ledger sends heartbeats more often. */
const SILENT_MS = 10_000;
/** While the stream is broken, the counters are polled and the stream is opened again this often. */
const POLL_MS = 15_000;

export interface LiveCounters {
  counters: Counters | undefined;
  state: 'connecting' | 'live' | 'stale';
  problem: ApiProblem | undefined;
  /** When the last message came, also one without a change. Unix milliseconds. */
  heardAt: number | undefined;
}

const NOTHING: LiveCounters = { counters: undefined, state: 'connecting', problem: undefined, heardAt: undefined };

const isHidden = (): boolean => document.hidden;
const onVisibility = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};

/**
 * The live counters of a voucher. It keeps no connection with `paused` or in a hidden tab, since a browser opens only
 * six connections per HTTP/1.1 service for all tabs.
 */
export function useLiveCounters(id: string, paused: boolean): LiveCounters & { retry(): void } {
  const [live, setLive] = useState<LiveCounters>(NOTHING);
  const [tries, setTries] = useState(0);
  const hidden = useSyncExternalStore(onVisibility, isHidden);
  useEffect(() => {
    if (paused || hidden) return;
    const end = new AbortController();
    setLive((before) => (before.counters?.voucherId === id ? { ...before, state: 'stale' } : NOTHING));
    void keepFollowing(id, end.signal, {
      onMessage: (counters) =>
        setLive((before) => ({
          counters: counters ?? before.counters,
          state: 'live',
          problem: undefined,
          heardAt: Date.now(),
        })),
      onProblem: (problem) =>
        setLive((before) => ({ ...before, state: before.counters ? 'stale' : before.state, problem })),
      onPoll: (counters) => setLive({ counters, state: 'stale', problem: undefined, heardAt: Date.now() }),
    });
    return () => end.abort();
  }, [id, paused, hidden, tries]);
  return { ...live, retry: () => setTries((before) => before + 1) };
}

interface Listener {
  /** A heartbeat has no counters. */
  onMessage(counters?: Counters): void;
  onProblem(problem: ApiProblem): void;
  onPoll(counters: Counters): void;
}

/**
 * Follows the stream. If it breaks, polls once per `POLL_MS` and follows the stream again. If the ledger ends it, as it
 * does after some minutes so that the token is verified again, follows at once.
 */
async function keepFollowing(
  id: string,
  signal: AbortSignal,
  { onMessage, onProblem, onPoll }: Listener,
): Promise<void> {
  let updatedAt = performance.now();
  const updated = (): void => {
    updatedAt = performance.now();
  };
  while (!signal.aborted) {
    const beganAt = performance.now();
    const problem = await follow(id, signal, (counters) => (updated(), onMessage(counters))).then(
      () => undefined,
      problemFrom,
    );
    if (signal.aborted) return;
    if (!problem && performance.now() > beganAt + SILENT_MS) continue;
    onProblem(problem ?? new ApiProblem({ status: 0 }));
    if (problem?.status === 404 || problem?.status === 403) return;
    await pause(updatedAt + POLL_MS - performance.now(), signal);
    if (signal.aborted) return;
    await poll(id, signal).then(onPoll, () => undefined);
    updated();
  }
}

const poll = (id: string, signal: AbortSignal): Promise<Counters> =>
  answer(
    services().ledger.GET('/v1/vouchers/{id}/counters', {
      params: { path: { id } },
      signal: AbortSignal.any([signal, AbortSignal.timeout(SILENT_MS)]),
    }),
  );

/** Reads one stream to its end. Rejects if no message comes for `SILENT_MS`. */
async function follow(id: string, signal: AbortSignal, onMessage: Listener['onMessage']): Promise<void> {
  const silence = new AbortController();
  const fallSilent = (): void => silence.abort(new Error(`no message for ${SILENT_MS} ms`));
  let watch = setTimeout(fallSilent, SILENT_MS);
  try {
    const response = await fetch(`${services().addresses.ledger}/v1/vouchers/${id}/counters/stream`, {
      headers: { authorization: `Bearer ${await accessToken()}`, accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401) sessionEnded();
    if (!response.ok || !response.body) throw await problemIn(response);
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { event, data } of events) {
      clearTimeout(watch);
      watch = setTimeout(fallSilent, SILENT_MS);
      onMessage(event === undefined || event === 'message' ? (JSON.parse(data) as Counters) : undefined);
    }
  } finally {
    clearTimeout(watch);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
