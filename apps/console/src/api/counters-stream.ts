// A voucher's counters as they change: server-sent events over fetch, because EventSource sends no token.
import type { Counters } from '@vouchers/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { accessToken, sessionEnded } from '../app/session.ts';
import { answer, services } from './api.ts';
import { ApiProblem, problemFrom, problemIn } from './api-problem.ts';

/** Nothing heard for so long, and it is stale. The ledger's heartbeat comes more often. */
const SILENT_MS = 10_000;
/** Then it is asked so often, and tried anew. */
const POLL_MS = 15_000;

export interface LiveCounters {
  counters: Counters | undefined;
  state: 'connecting' | 'live' | 'stale';
  problem: ApiProblem | undefined;
}

const NOTHING: LiveCounters = { counters: undefined, state: 'connecting', problem: undefined };

const isHidden = (): boolean => document.hidden;
const onVisibility = (tell: () => void): (() => void) => {
  document.addEventListener('visibilitychange', tell);
  return () => document.removeEventListener('visibilitychange', tell);
};

/**
 * The counters of a voucher, live. With `paused` nothing is followed, nor in a tab that is not looked at:
 * a browser has six connections for all tabs of a service that speaks HTTP/1.1.
 */
export function useLiveCounters(id: string, paused: boolean): LiveCounters {
  const [live, setLive] = useState<LiveCounters>(NOTHING);
  const hidden = useSyncExternalStore(onVisibility, isHidden);
  useEffect(() => {
    if (paused || hidden) return;
    const end = new AbortController();
    setLive((before) => (before.counters?.voucherId === id ? { ...before, state: 'stale' } : NOTHING));
    void keepFollowing(id, end.signal, {
      heard: (counters) =>
        setLive((before) => ({ counters: counters ?? before.counters, state: 'live', problem: undefined })),
      silent: (problem) =>
        setLive((before) => ({ ...before, state: before.counters ? 'stale' : before.state, problem })),
      polled: (counters) => setLive({ counters, state: 'stale', problem: undefined }),
    });
    return () => end.abort();
  }, [id, paused, hidden]);
  return live;
}

interface Listener {
  /** Something came; without counters, a heartbeat. */
  heard(counters?: Counters): void;
  silent(problem: ApiProblem): void;
  polled(counters: Counters): void;
}

/** Follows the stream; where it has been silent, asks once in `POLL_MS` and follows anew. */
async function keepFollowing(id: string, signal: AbortSignal, { heard, silent, polled }: Listener): Promise<void> {
  let toldAt = performance.now();
  const told = (): void => {
    toldAt = performance.now();
  };
  while (!signal.aborted) {
    const problem = await follow(id, signal, (counters) => (told(), heard(counters))).then(
      () => new ApiProblem({ status: 0 }),
      problemFrom,
    );
    if (signal.aborted) return;
    silent(problem);
    if (problem.status === 404 || problem.status === 403) return;
    await pause(toldAt + POLL_MS - performance.now(), signal);
    if (signal.aborted) return;
    await ask(id, signal).then(polled, () => undefined);
    told();
  }
}

const ask = (id: string, signal: AbortSignal): Promise<Counters> =>
  answer(
    services().ledger.GET('/v1/vouchers/{id}/counters', {
      params: { path: { id } },
      signal: AbortSignal.any([signal, AbortSignal.timeout(SILENT_MS)]),
    }),
  );

/** Reads one stream to its end. Rejects where nothing is heard of it. */
async function follow(id: string, signal: AbortSignal, heard: Listener['heard']): Promise<void> {
  const silence = new AbortController();
  const fallSilent = (): void => silence.abort(new Error(`nothing heard for ${SILENT_MS} ms`));
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
      heard(event === undefined || event === 'message' ? (JSON.parse(data) as Counters) : undefined);
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
