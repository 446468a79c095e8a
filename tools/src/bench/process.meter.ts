// What processes cost, as Linux tells in /proc. Elsewhere nothing is known, and nothing is shown.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in these, whatever the kernel's own ticks are. */
const TICKS_A_SECOND = 100;

/** CPU time of a process and all that it started, those that have ended included. Unit: seconds; undefined where unknown. */
export function cpuSeconds(processId: number | undefined): number | undefined {
  if (processId === undefined) return undefined;
  try {
    const children = childrenByParent();
    const ticksOf = (id: number): number =>
      ticks(id) + (children.get(id) ?? []).reduce((sum, child) => sum + ticksOf(child), 0);
    return ticksOf(processId) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}

/** Resident memory of a process. Unit: bytes; undefined where unknown. */
export function residentBytes(processId: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)![1]);
  } catch {
    return undefined;
  }
}

/** Tells of named processes what they cost from its making on. */
export class CpuMeter {
  readonly #processIds: Record<string, number | undefined>;
  readonly #before: Record<string, number | undefined>;
  readonly #began = performance.now();

  constructor(processIds: Record<string, number | undefined>) {
    this.#processIds = processIds;
    this.#before = this.#read();
  }

  /** CPU seconds of each since then, and the seconds that passed. */
  stop(): CpuUse {
    const wallSeconds = (performance.now() - this.#began) / 1_000;
    const seconds: Record<string, number> = {};
    for (const [name, after] of Object.entries(this.#read())) {
      const before = this.#before[name];
      if (after !== undefined && before !== undefined) seconds[name] = after - before;
    }
    return { wallSeconds, seconds };
  }

  #read(): Record<string, number | undefined> {
    return Object.fromEntries(Object.entries(this.#processIds).map(([name, id]) => [name, cpuSeconds(id)]));
  }
}

export interface CpuUse {
  readonly wallSeconds: number;
  /** By name of the process. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** `CPU a claim: ledger 48 µs, Postgres 14 µs`; empty where nothing is known. */
export function cpuShares(uses: readonly CpuUse[], count: number, thing: string): string {
  const names = Object.keys(uses[0]?.seconds ?? {});
  if (names.length === 0) return '';
  const micros = (name: string): number =>
    (1e6 * uses.reduce((sum, { seconds }) => sum + (seconds[name] ?? 0), 0)) / count;
  return `CPU a ${thing}: ${names.map((name) => `${name} ${micros(name).toFixed(micros(name) < 10 ? 1 : 0)} µs`).join(', ')}`;
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** `pid (name) state ppid …`: the name may hold anything, so what counts begins behind its last parenthesis. */
function stat(processId: number | string): string[] {
  const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** utime, stime, cutime and cstime: fields 14 to 17 of proc_pid_stat(5). */
function ticks(processId: number): number {
  try {
    return stat(processId)
      .slice(11, 15)
      .reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0; // it has just ended; its parent counts it
  }
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(stat(name)[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // it has just ended
    }
  }
  return children;
}
