import { Injectable } from '@nestjs/common';
import { AskedGauge } from './metrics.ts';

/** Resolves when all is well; else throws an Error that says why not. */
export type Probe = () => Promise<void> | void;

const PROBE_MS = 2_000;

const checkUp = new AskedGauge('service_check_up', 'Each part that readiness asks: 1 where all is well', ['check']);

/** What /health/ready asks. Each part of a service adds its own named probe. */
@Injectable()
export class Readiness {
  private readonly probes = new Map<string, Probe>();

  constructor() {
    checkUp.ask(async () => {
      const { checks } = await this.check();
      return Object.entries(checks).map(([check, outcome]) => [{ check }, outcome === 'ok' ? 1 : 0]);
    });
  }

  add(name: string, probe: Probe): void {
    this.probes.set(name, probe);
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
