// Long work in slices. Between two of them the event loop does everything else that waits; and of all the work that
// waits to go on, one slice runs a turn of the loop, however much of it there is.
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';
import { callerGone } from './problem.ts';

/** Unit: milliseconds. With the longest evaluation of a condition behind it, nothing waits longer than 20. */
const SLICE_MS = 3;

/** A request, as far as it tells whether its caller is still there. */
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

/** One piece of long work, which asks now and then whether its slice is over. */
export class Slices {
  private ends = performance.now() + SLICE_MS;

  constructor(private readonly asked: Asked) {}

  get over(): boolean {
    return performance.now() >= this.ends;
  }

  /** Gives the event loop back. @throws ProblemError 499 where the caller has gone */
  async giveWay(): Promise<void> {
    this.expectCaller();
    await turn();
    this.expectCaller();
    this.ends = performance.now() + SLICE_MS;
  }

  /** @throws ProblemError 499 where nobody waits for the answer any more */
  expectCaller(): void {
    if (this.asked.raw.socket.destroyed) throw callerGone();
  }
}

/** Runs work that yields wherever it may pause. At once where it is short: most is, and each promise costs. */
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
