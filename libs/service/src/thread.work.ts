// The code inside a background thread. It runs jobs concurrently, one part of each in turn.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { Pausable } from './budget.ts';
import { Pace } from './pace.ts';
import { callerGone, ProblemError, type AboutProblem } from './problem.ts';

/** The messages to the thread: a job, the answer to a job's question, the end of a job, or the end of the thread. */
export type ToThread = 'close' | ({ id: number } & ({ input: unknown } | { told: unknown } | { ends: true }));

/** The messages from the thread: a job's question, result or failure, or a message that belongs to no job. */
export type FromThread =
  { says: unknown } | ({ id: number } & ({ wants: unknown } | { result: unknown } | { failure: Failure }));

/** An error as plain data: a problem for the caller, or a defect. */
export type Failure = { status: number; about: AboutProblem } | { message: string; code?: string; stack?: string };

/** A low priority. Linux has priorities per thread, so all other threads of the machine run first. */
const NICE = 10;

/** A job in the thread. It calls `giveWay` after each small part, so that other jobs can run. */
export interface Job extends Pausable {
  /** Asks the main thread a question. */
  ask(question: unknown): Promise<unknown>;
}

class Running implements Job {
  readonly over = true;
  private isAbandoned = false;
  private told: PromiseWithResolvers<unknown> | undefined;
  private readonly post: (question: unknown) => void;
  private readonly pace: Pace;

  constructor(post: (question: unknown) => void, pace: Pace) {
    this.post = post;
    this.pace = pace;
  }

  async ask(question: unknown): Promise<unknown> {
    this.expectCaller();
    this.told = Promise.withResolvers();
    this.post(question);
    return this.told.promise;
  }

  answer(told: unknown): void {
    this.told?.resolve(told);
  }

  abandon(): void {
    this.isAbandoned = true;
    this.told?.reject(callerGone());
  }

  async giveWay(): Promise<void> {
    await this.pace.turn();
    this.expectCaller();
  }

  expectCaller(): void {
    if (this.isAbandoned) throw callerGone();
  }
}

/** Runs jobs until the process ends. @param end closes the resources of the jobs */
export function serveThread(
  work: (input: never, job: Job) => Promise<unknown>,
  end: () => Promise<void> = () => Promise.resolve(),
): void {
  if (process.platform === 'linux') setPriority(0, NICE);
  const port = parentPort!;
  const pace = new Pace();
  const running = new Map<number, Running>();
  port.on('message', (message: ToThread) => {
    if (message === 'close') return void end().then(() => port.close());
    const { id } = message;
    const job = running.get(id);
    if ('told' in message) job?.answer(message.told);
    else if ('ends' in message) job?.abandon();
    else {
      const begun = new Running((wants) => port.postMessage({ id, wants } satisfies FromThread), pace);
      running.set(id, begun);
      void outcome(begun.giveWay().then(() => work(message.input as never, begun))).then((how) => {
        running.delete(id);
        port.postMessage({ id, ...how } satisfies FromThread);
      });
    }
  });
}

/** Sends the main thread a message that belongs to no job. */
export const say = (says: unknown): void => parentPort!.postMessage({ says } satisfies FromThread);

async function outcome(work: Promise<unknown>): Promise<{ result: unknown } | { failure: Failure }> {
  try {
    return { result: await work };
  } catch (error) {
    return { failure: failureOf(error as Error) };
  }
}

function failureOf(error: Error & { code?: string }): Failure {
  if (error instanceof ProblemError) return { status: error.status, about: error.about };
  const { message = String(error), code, stack } = error;
  return { message, code, stack };
}
