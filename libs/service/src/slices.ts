// Long work runs in slices. Between two slices the event loop does everything else that waits, and while there is such
// work, it gets more time than the slices. Each turn of the loop runs one slice, however much long work waits.
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';
import { callerGone } from './problem.ts';

/** The length of a slice. Even if the longest evaluation of a condition follows, nothing waits longer than 20 ms. */
const SLICE_MS = 1;

/** Other work of the event loop gets this many times the duration of the slice before. */
const OTHERS_SHARE = 3;
/** If a turn of the event loop takes longer, it did other work. */
const IDLE_TURN_MS = 0.2;

/** The part of a request that shows whether its caller is still connected. */
export interface Asked {
  raw: { socket: { destroyed: boolean } };
}

const pauses = new Counter({
  name: 'work_pauses_total',
  help: 'Pauses in which long work let other work run',
  registers: [metrics],
});

const waiting: (() => void)[] = [];

function goOn(): void {
  waiting.shift()!();
  if (waiting.length > 0) setImmediate(goOn);
}

/** Resolves in a turn of the event loop that runs no other slice. */
function turn(): Promise<void> {
  pauses.inc();
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(goOn);
  });
}

/** The slices of one piece of long work. The work checks now and then whether its slice is over. */
export class Slices {
  private began = performance.now();

  constructor(private readonly asked: Asked) {}

  get over(): boolean {
    return performance.now() >= this.began + SLICE_MS;
  }

  /** Lets the event loop run other work. @throws ProblemError 499 if the caller has gone */
  async giveWay(): Promise<void> {
    this.expectCaller();
    const paused = performance.now();
    const goesOn = paused + (paused - this.began) * OTHERS_SHARE;
    for (let now = paused, isBusy = true; isBusy && now < goesOn;) {
      const before = now;
      await turn();
      now = performance.now();
      isBusy = now - before > IDLE_TURN_MS;
    }
    this.expectCaller();
    this.began = performance.now();
  }

  /** @throws ProblemError 499 if the caller has gone */
  expectCaller(): void {
    if (this.asked.raw.socket.destroyed) throw callerGone();
  }
}

/**
 * Runs a generator that yields where it may pause. Short work returns without a promise, because promises cost time.
 */
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
