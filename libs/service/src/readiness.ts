import { Injectable } from '@nestjs/common';
import { AskedGauge } from './metrics.ts';

/** Resolves when all is well; else throws an Error that says why not. */
export type Probe = () => Promise<void> | void;

/** Notes for operators about a service that is ready all the same: lists of entries with a few fields. */
export type Note = () => readonly object[];

/** The most entries shown per list. `more` tells how many others there are. */
const MOST_SHOWN = 100;
const PROBE_MS = 2_000;

const checkUp = new AskedGauge('service_check_up', 'Each part that readiness asks: 1 where all is well', ['check']);

/** The probes of /health/ready. Each part of a service adds its own named probe. */
@Injectable()
export class Readiness {
  private readonly probes = new Map<string, Probe>();
  private readonly lists = new Map<string, Note[]>();

  constructor() {
    checkUp.ask(async () => {
      const { checks } = await this.check();
      return Object.entries(checks).map(([check, outcome]) => [{ check }, outcome === 'ok' ? 1 : 0]);
    });
  }

  add(name: string, probe: Probe): void {
    this.probes.set(name, probe);
  }

  /** Adds a list to the ready answer under that name. An empty list is not shown. */
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

  /** Each probe's name with `ok`, or why it is not. */
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
