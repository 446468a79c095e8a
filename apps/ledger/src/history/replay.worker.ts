// The replay thread. With it, deciding never waits for a reader of the past.
import { connectHistory, EventsReader } from '@vouchers/event-store/history';
import { Budget, callerGone, ProblemError, ROW_COST, type AboutProblem } from '@vouchers/service/thread';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { Replaying, type Replay, type ReplayAnswer } from './replays.ts';

export interface ReplaySettings {
  databaseUrl: string;
  /** The most replays that run at once. */
  connections: number;
}
/** Messages to the thread: a question; nobody waits for its answer any more; end. */
export type ReplayRequest =
  { id: number; replay: Replay; costLimit: number; advice: string } | { abandoned: number } | 'close';
export type ReplayFailure =
  { status: number; about: AboutProblem } | { message: string; code?: string; stack?: string };
/** Messages from the thread: an answer or a problem, with the number of events read; or a line for the log. */
export type ReplayOutcome =
  { id: number; events: number; answer?: ReplayAnswer; failure?: ReplayFailure } | { warning: string };

/** A low priority: deciding comes first. On Linux it is set for the thread, elsewhere it would be for the process. */
if (process.platform === 'linux') setPriority(0, 10);

const port = parentPort!;
const { databaseUrl, connections } = workerData as ReplaySettings;
const tell = (outcome: ReplayOutcome): void => port.postMessage(outcome);
const pool = connectHistory(databaseUrl, { connections, name: 'ledger replay' }, (error) =>
  tell({ warning: `a connection of the thread that replays broke: ${error.message}` }),
);
const events = new EventsReader(pool);

/** The caller of one question. Between two pages of events the thread learns whether the caller has gone. */
class Caller {
  hasGone = false;
  readonly over = false;

  giveWay(): Promise<void> {
    return Promise.resolve();
  }

  expectCaller(): void {
    if (this.hasGone) throw callerGone();
  }
}

const callers = new Map<number, Caller>();

port.on('message', (request: ReplayRequest) => {
  if (request === 'close') return void pool.end().then(() => port.close());
  if ('abandoned' in request) {
    const caller = callers.get(request.abandoned);
    if (caller) caller.hasGone = true;
    return;
  }
  void work(request);
});

async function work({ id, replay, costLimit, advice }: Exclude<ReplayRequest, 'close' | { abandoned: number }>) {
  const caller = new Caller();
  callers.set(id, caller);
  const budget = new Budget(costLimit, caller, advice);
  const done = await new Replaying(events, replay, budget).answer(replay).then(
    (answer) => ({ answer }),
    (error: Error) => ({ failure: failureOf(error) }),
  );
  callers.delete(id);
  tell({ id, events: budget.cost / ROW_COST, ...done });
}

function failureOf(error: Error & { code?: string }): ReplayFailure {
  if (error instanceof ProblemError) return { status: error.status, about: error.about };
  const { message, code, stack } = error;
  return { message, code, stack };
}
