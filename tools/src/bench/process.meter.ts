// CPU and memory of processes, from Linux's /proc. On other systems the values are unknown and not shown.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in this unit, independent of the kernel's own ticks. */
const TICKS_A_SECOND = 100;

/** CPU time of a process and of all its children, also ended ones. Unit: seconds; undefined if unknown. */
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

/** Resident memory of a process. Unit: bytes; undefined if unknown. */
export function residentBytes(processId: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)![1]);
  } catch {
    return undefined;
  }
}

/** Measures the CPU time of named processes, from its construction on. */
export class CpuMeter {
  readonly #processIds: Record<string, number | undefined>;
  readonly #before: Record<string, number | undefined>;
  readonly #began = performance.now();

  constructor(processIds: Record<string, number | undefined>) {
    this.#processIds = processIds;
    this.#before = this.#read();
  }

  /** CPU seconds of each process since then, and the seconds that passed. */
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

/** For example `CPU per claim: ledger 48 µs, Postgres 14 µs`. Empty if nothing is known. */
export function cpuShares(uses: readonly CpuUse[], count: number, thing: string): string {
  const names = Object.keys(uses[0]?.seconds ?? {});
  if (names.length === 0) return '';
  const micros = (name: string): number =>
    (1e6 * uses.reduce((sum, { seconds }) => sum + (seconds[name] ?? 0), 0)) / count;
  return `CPU per ${thing}: ${names.map((name) => `${name} ${micros(name).toFixed(micros(name) < 10 ? 1 : 0)} µs`).join(', ')}`;
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Fields from `state` on of `pid (name) state ppid …`. A name may contain parentheses, so the last one counts. */
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
