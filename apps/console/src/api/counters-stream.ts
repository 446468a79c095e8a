// A voucher's counters as they change: server-sent events over fetch, because EventSource sends no token.
import type { Counters } from '@vouchers/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';
import { accessToken, sessionEnded } from '../app/session.ts';
import { answer, services } from './api.ts';
import { problemFrom, problemIn, type ApiProblem } from './api-problem.ts';

/** Nothing heard for so long, and it is stale. The ledger's heartbeat comes more often. */
const SILENT_MS = 10_000;
/** Meanwhile, and between attempts. */
const POLL_MS = 15_000;

export interface LiveCounters {
  counters: Counters | undefined;
  state: 'connecting' | 'live' | 'stale';
  problem: ApiProblem | undefined;
}

const NOTHING: LiveCounters = { counters: undefined, state: 'connecting', problem: undefined };

/** The counters of a voucher, live. With `paused` nothing is followed. */
export function useLiveCounters(id: string, paused: boolean): LiveCounters {
  const [live, setLive] = useState<LiveCounters>(NOTHING);
  useEffect(() => {
    if (paused) return;
    const end = new AbortController();
    const heard = (counters?: Counters): void =>
      setLive((before) => ({ counters: counters ?? before.counters, state: 'live', problem: undefined }));
    const silent = (problem?: ApiProblem): void =>
      setLive((before) => ({ ...before, state: before.counters ? 'stale' : before.state, problem }));
    setLive(NOTHING);
    void keepFollowing(id, end.signal, heard, silent, (counters) =>
      setLive((before) => ({ ...before, counters, problem: undefined })),
    );
    return () => end.abort();
  }, [id, paused]);
  return live;
}

async function keepFollowing(
  id: string,
  signal: AbortSignal,
  heard: (counters?: Counters) => void,
  silent: (problem?: ApiProblem) => void,
  polled: (counters: Counters) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await follow(id, signal, heard, silent);
      silent();
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemFrom(error);
      silent(problem);
      if (problem.status === 404 || problem.status === 403) return;
    }
    await pause(POLL_MS, signal);
    if (signal.aborted) return;
    await answer(services().ledger.GET('/v1/vouchers/{id}/counters', { params: { path: { id } }, signal }))
      .then(polled)
      .catch(() => undefined);
  }
}

/** Reads one stream to its end. */
async function follow(
  id: string,
  signal: AbortSignal,
  heard: (counters?: Counters) => void,
  silent: () => void,
): Promise<void> {
  const response = await fetch(`${services().addresses.ledger}/v1/vouchers/${id}/counters/stream`, {
    headers: { authorization: `Bearer ${await accessToken()}`, accept: 'text/event-stream' },
    signal,
  });
  if (response.status === 401) sessionEnded();
  if (!response.ok || !response.body) throw await problemIn(response);
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  let watch = setTimeout(silent, SILENT_MS);
  try {
    for await (const { event, data } of events) {
      clearTimeout(watch);
      watch = setTimeout(silent, SILENT_MS);
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
