// A background thread rests while others wait for a core. A low priority alone does not serve them first: Linux lets a
// thread that runs go on for some milliseconds, and the threads that answer requests wait for it at each of their steps.
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Linux: the nanoseconds that the reading thread ran, and those that it waited for a core. */
const SCHEDULED = '/proc/thread-self/schedstat';
/** A shorter part is not judged. */
const PART_MS = 1;
/**
 * If the thread waited for a core for longer than it ran, others wait, too. It waits for about half as long where it has
 * the machine for itself: for the garbage collector, and for Postgres, which works for it.
 */
const CROWDED = 1;
/** The running time after which a third of a wait still counts. */
const LATELY_MS = 25;
/** The rest, compared with the time that the thread ran before. */
const REST = 9;
const LONGEST_REST_MS = 100;

interface Times {
  ranMs: number;
  waitedMs: number;
}

export class Pace {
  private readonly times: () => Times | undefined;
  private last: Times | undefined;
  private lately: Times = { ranMs: 0, waitedMs: 0 };
  private resting: Promise<void> | undefined;

  /** @param times the thread's times since it began; undefined if the system does not tell them */
  constructor(times: () => Times | undefined = timesOfThread) {
    this.times = times;
    this.last = times();
  }

  /** Lets other jobs have their turn. While the thread rests, all jobs wait. */
  async turn(): Promise<void> {
    await setImmediate();
    this.resting ??= this.rest();
    await this.resting;
  }

  private rest(): Promise<void> | undefined {
    const restMs = this.restMs();
    return restMs === 0 ? undefined : setTimeout(restMs).finally(() => (this.resting = undefined));
  }

  /** The milliseconds for which the thread should rest now. */
  restMs(): number {
    const now = this.last && this.times();
    if (!now) return 0;
    const ran = now.ranMs - this.last!.ranMs;
    if (ran < PART_MS) return 0;
    const waited = now.waitedMs - this.last!.waitedMs;
    this.last = now;
    const kept = Math.exp(-ran / LATELY_MS);
    const { ranMs, waitedMs } = this.lately;
    this.lately = { ranMs: ranMs * kept + ran, waitedMs: waitedMs * kept + waited };
    return this.lately.waitedMs > this.lately.ranMs * CROWDED ? Math.min(ran * REST, LONGEST_REST_MS) : 0;
  }
}

const buffer = Buffer.alloc(128);

/** Undefined on a system that is not Linux. */
export function timesOfThread(): Times | undefined {
  let file: number;
  try {
    file = openSync(SCHEDULED, 'r');
  } catch {
    return undefined;
  }
  try {
    const [ran, waited] = buffer.toString('latin1', 0, readSync(file, buffer)).split(' ');
    return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
  } finally {
    closeSync(file);
  }
}
