// Long work runs in slices. Between two slices the event loop does everything else that waits. Each turn of the loop
// runs one slice, however much long work waits.
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';
import { callerGone } from './problem.ts';

/** Milliseconds. Even if the longest evaluation of a condition follows, nothing waits longer than 20 ms. */
const SLICE_MS = 1;

/** The part of a request that tells whether its caller is still connected. */
export interface Asked {
  raw: { socket: { destroyed: boolean } };
}

const pauses = new Counter({
  name: 'work_pauses_total',
  help: 'How often long work gave the event loop back before it went on',
  registers: [metrics],
});

const waiting: (() => void)[] = [];

function goOn(): void {
  waiting.shift()!();
  if (waiting.length > 0) setImmediate(goOn);
}

/** Resolves when it is the caller's turn. */
function turn(): Promise<void> {
  pauses.inc();
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(goOn);
  });
}

/** One piece of long work. It asks now and then whether its slice is over. */
export class Slices {
  private ends = performance.now() + SLICE_MS;

  constructor(private readonly asked: Asked) {}

  get over(): boolean {
    return performance.now() >= this.ends;
  }

  /** Lets the event loop run other work. @throws ProblemError 499 if the caller has gone */
  async giveWay(): Promise<void> {
    this.expectCaller();
    await turn();
    this.expectCaller();
    this.ends = performance.now() + SLICE_MS;
  }

  /** @throws ProblemError 499 if nobody waits for the answer any more */
  expectCaller(): void {
    if (this.asked.raw.socket.destroyed) throw callerGone();
  }
}

/** Runs a generator that yields where it may pause. Short work returns without a promise, since promises cost time. */
export function inSlices<Result>(work: Iterator<void, Result>, asked: Asked): Result | Promise<Result> {
  const slices = new Slices(asked);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (slices.over) return theRest(work, slices);
  }
}

async function theRest<Result>(work: Iterator<void, Result>, slices: Slices): Promise<Result> {
  for (;;) {
    if (slices.over) await slices.giveWay();
    const step = work.next();
    if (step.done) return step.value;
  }
}
