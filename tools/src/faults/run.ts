// Runs faults one after another under load, and audits each.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import type { Violation } from './invariants.ts';
import { endsWithin } from './patience.ts';
import { Stage, type StageOptions } from './stage.ts';

/** The number of decisions before a fault starts, and after it was healed. */
const WARM = 40;
const AFTER = 40;
/** A fault may last this many times as long as a platform may take to heal. */
const LASTS_AT_MOST = 6;

/** The result of one fault. */
export interface FaultResult {
  readonly fault: string;
  readonly seed: number;
  /** The reason why it did not run. */
  readonly skipped?: string;
  /** Violations. Empty if there are none. */
  readonly violations: readonly string[];
  readonly decided: number;
  readonly tookMs: number;
}

/**
 * Runs faults on one platform, or on a platform of its own if a fault ruins it.
 * @param reported called with each result at once
 */
export async function runFaults(
  faults: readonly Fault[],
  options: StageOptions,
  reported: (result: FaultResult) => void = () => undefined,
): Promise<FaultResult[]> {
  const results: FaultResult[] = [];
  let stage: Stage | undefined;
  let stages = 0;
  try {
    for (const fault of faults) {
      const skipped =
        fault.needsServers && !options.own ? 'it needs Postgres and Kafka of its own' : fault.unavailable?.(options);
      const former = fault.former?.();
      if (skipped === undefined && former !== undefined) {
        await stage?.stop();
        stage = undefined;
      }
      if (skipped === undefined)
        stage ??= await Stage.start({ ...options, namespace: `${options.namespace}${(stages += 1)}`, former });
      const began = performance.now();
      const found = skipped === undefined ? await staged(stage!, fault).catch(broken) : { violations: [], decided: 0 };
      const result = {
        fault: fault.name,
        seed: options.seed,
        ...(skipped !== undefined && { skipped }),
        ...found,
        tookMs: performance.now() - began,
      };
      results.push(result);
      reported(result);
      if (skipped === undefined && (fault.ruins || former !== undefined || result.violations.length > 0)) {
        await stage?.stop();
        stage = undefined;
      }
    }
  } finally {
    await stage?.stop();
  }
  return results;
}

async function staged(stage: Stage, fault: Fault): Promise<Pick<FaultResult, 'violations' | 'decided'>> {
  await stage.startLoad(fault.name);
  const { load, auditor, healsWithinMs } = stage;
  try {
    await Promise.race([load.more(WARM), tooLong(stage)]);
    const own = await Promise.race([fault.inject(stage), tooLong(stage)]).then(
      (violations) => violations ?? [],
      (error: unknown) => [firstLine(error)],
    );
    if (fault.ruins) return { violations: own, decided: load.decided };
    await endsWithin(healsWithinMs, load.more(AFTER));
    await load.stop(healsWithinMs);
    const found = await auditor.audit().then(
      (violations) => violations.map(line),
      (error: unknown) => [`audit: ${firstLine(error)}`],
    );
    return { violations: [...own, ...found], decided: load.decided };
  } finally {
    await load.stop(0);
  }
}

/** Rejects after some time, since a platform may never heal. */
async function tooLong({ healsWithinMs }: Stage): Promise<never> {
  const ms = healsWithinMs * LASTS_AT_MOST;
  await pause(ms, undefined, { ref: false });
  throw new Error(`I8: the load or the fault was not over within ${ms / 1_000} s`);
}

const line = ({ invariant, what }: Violation): string => `${invariant}: ${what}`;

/** The result for a platform that does not come back at all. */
const broken = (error: unknown): Pick<FaultResult, 'violations' | 'decided'> => ({
  violations: [firstLine(error)],
  decided: 0,
});

/** The error's text may go on with the whole log of a service. */
const firstLine = (error: unknown): string => String(error).split('\n')[0]!;
