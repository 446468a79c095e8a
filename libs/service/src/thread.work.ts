// The inner side of a background thread. It runs jobs concurrently, a part of each in turn.
import { setPriority } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { parentPort, type MessagePort } from 'node:worker_threads';
import { ProblemError } from './problem.ts';

/** Messages to the thread: a job, the answer to a job's question, or that nobody waits for the job any more. */
export type ToThread = { id: number } & ({ input: unknown } | { told: unknown } | { ends: true });

/** Messages from the thread: a job's question, or its result. `problem` is told to the caller; `failed` is a defect. */
export type FromThread = { id: number } & (
  { wants: unknown } | { result: unknown } | { problem: Pick<ProblemError, 'status' | 'about'> } | { failed: string }
);

/** A low priority. Linux has priorities of threads, so all other threads of the machine are served first. */
const NICE = 10;

export interface Job {
  /** Asks the main thread a question. */
  ask(question: unknown): Promise<unknown>;
  /** To be called after each small part, so that other jobs have their turn. Throws if nobody waits for this job. */
  pause(): Promise<void>;
}

interface Running extends Job {
  isOver: boolean;
  told?: PromiseWithResolvers<unknown>;
}

/** The most jobs at once. Bodies of megabytes are objects only while their job runs; the others wait as bytes. */
const AT_ONCE = 2;

class JobOver extends Error {}

/** Runs jobs until the process ends. */
export function serveThread(work: (input: never, job: Job) => Promise<unknown>): void {
  if (process.platform === 'linux') setPriority(0, NICE);
  const port = parentPort!;
  const running = new Map<number, Running>();
  const inPlace = places(AT_ONCE);
  port.on('message', (message: ToThread) => {
    const job = running.get(message.id);
    if ('input' in message) {
      const begun = newJob(port, message.id);
      running.set(message.id, begun);
      void done(inPlace(() => begun.pause().then(() => work(message.input as never, begun))))
        .then((how) => port.postMessage({ id: message.id, ...how } as FromThread))
        .finally(() => running.delete(message.id));
    } else if ('told' in message) job?.told?.resolve(message.told);
    else if (job) {
      job.isOver = true;
      job.told?.reject(new JobOver('nobody waits'));
    }
  });
}

/** Runs at most this many at the same time. */
function places(free: number): <Result>(run: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

function newJob(port: MessagePort, id: number): Running {
  const job: Running = {
    isOver: false,
    ask: (question) => {
      job.told = Promise.withResolvers();
      port.postMessage({ id, wants: question } satisfies FromThread);
      return job.told.promise;
    },
    pause: async () => {
      await turn();
      if (job.isOver) throw new JobOver('nobody waits');
    },
  };
  return job;
}

async function done(work: Promise<unknown>): Promise<object> {
  try {
    return { result: await work };
  } catch (error) {
    if (error instanceof ProblemError) return { problem: { status: error.status, about: error.about } };
    return { failed: (error as Error).stack ?? String(error) };
  }
}
