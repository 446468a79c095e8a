// The inner side of a background thread: jobs side by side, a part of each in turn.
import { setPriority } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { parentPort, type MessagePort } from 'node:worker_threads';
import { ProblemError } from './problem.ts';

/** To the thread: a job, what it wanted to know, or that nobody waits for it any more. */
export type ToThread = { id: number } & ({ input: unknown } | { told: unknown } | { ends: true });

/** From the thread: what a job wants to know; how it ended. `problem`: what the caller is told; `failed`: a defect. */
export type FromThread = { id: number } & (
  { wants: unknown } | { result: unknown } | { problem: Pick<ProblemError, 'status' | 'about'> } | { failed: string }
);

/** Linux knows priorities of threads: others are served first, by this process and by all others. */
const NICE = 10;

export interface Job {
  /** Asks the other side, of which the process knows more. */
  ask(question: unknown): Promise<unknown>;
  /** To be called after each small part: the other jobs have their turn. Throws where nobody waits for this one. */
  pause(): Promise<void>;
}

interface Running extends Job {
  isOver: boolean;
  told?: PromiseWithResolvers<unknown>;
}

/** So many bodies of megabytes are held as objects at the same time; the others wait as bytes. */
const AT_ONCE = 2;

class JobOver extends Error {}

/** Does what the process asks for, until it ends. */
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

/** Runs so many at the same time. */
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
