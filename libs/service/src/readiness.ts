import { Injectable } from '@nestjs/common';
import { ObservableGauge } from './metrics.ts';

/** A check that throws an Error with the reason if something is wrong. */
export type Probe = () => Promise<void> | void;

/** Notes for operators that do not make the service unready. Entries have few fields. */
export type Note = () => readonly object[];

/** The most entries that are shown per list. `more` has the number of the others. */
const MOST_SHOWN = 100;
const PROBE_MS = 2_000;

const checkUp = new ObservableGauge('service_check_up', 'Each part that readiness checks: 1 if it works', ['check']);

/** The probes of /health/ready. Each part of a service adds its own probe. */
@Injectable()
export class Readiness {
  private readonly probes = new Map<string, Probe>();
  private readonly lists = new Map<string, Note[]>();

  constructor() {
    checkUp.observe(async () => {
      const { checks } = await this.check();
      return Object.entries(checks).map(([check, outcome]) => [{ check }, outcome === 'ok' ? 1 : 0]);
    });
  }

  add(name: string, probe: Probe): void {
    this.probes.set(name, probe);
  }

  /** Adds a list to the answer of /health/ready under this name. An empty list is not shown. */
  note(name: string, note: Note): void {
    this.lists.set(name, [...(this.lists.get(name) ?? []), note]);
  }

  /** The notes by name, without empty lists. */
  notes(): Record<string, readonly object[]> {
    const notes: Record<string, readonly object[]> = {};
    for (const [name, lists] of this.lists) {
      const entries = lists.flatMap((list) => list());
      const more = entries.length - MOST_SHOWN;
      if (entries.length > 0) notes[name] = more > 0 ? [...entries.slice(0, MOST_SHOWN), { more }] : entries;
    }
    return notes;
  }

  /** The result of each probe by its name: `ok` or the reason. */
  async check(): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const results = await Promise.all(
      [...this.probes].map(async ([name, probe]) => [name, await outcomeOf(probe)] as const),
    );
    return { ready: results.every(([, outcome]) => outcome === 'ok'), checks: Object.fromEntries(results) };
  }
}

async function outcomeOf(probe: Probe): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_MS} ms`)), PROBE_MS);
  });
  try {
    await Promise.race([probe(), late]);
    return 'ok';
  } catch (error) {
    return error instanceof Error && error.message ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
