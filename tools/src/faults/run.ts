// Faults one after the other under load, each audited.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import type { Violation } from './invariants.ts';
import { Stage, type StageOptions } from './stage.ts';

/** Decided before a fault strikes, and after it was healed. */
const WARM = 40;
const AFTER = 40;
/** Times that a platform may take to heal. */
const STRIKES_WITHIN = 6;

/** How one fault went. */
export interface Verdict {
  readonly fault: string;
  readonly seed: number;
  /** Why it was not staged. */
  readonly skipped?: string;
  /** What did not hold; empty where all is well. */
  readonly faults: readonly string[];
  readonly decided: number;
  readonly tookMs: number;
}

/**
 * Stages faults on one platform, or on one of its own where a fault ruins it.
 * @param judged told of each verdict as it is reached
 */
export async function runFaults(
  faults: readonly Fault[],
  options: StageOptions,
  judged: (verdict: Verdict) => void = () => undefined,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let stage: Stage | undefined;
  let stages = 0;
  try {
    for (const fault of faults) {
      const skipped =
        fault.needsServers && !options.own ? 'it needs Postgres and Kafka of its own' : fault.unstageable?.(options);
      if (skipped === undefined)
        stage ??= await Stage.start({ ...options, namespace: `${options.namespace}${(stages += 1)}` });
      const began = performance.now();
      const found = skipped === undefined ? await staged(stage!, fault).catch(broken) : { faults: [], decided: 0 };
      const verdict = {
        fault: fault.name,
        seed: options.seed,
        ...(skipped !== undefined && { skipped }),
        ...found,
        tookMs: performance.now() - began,
      };
      verdicts.push(verdict);
      judged(verdict);
      if (skipped === undefined && (fault.ruins || verdict.faults.length > 0)) {
        await stage?.stop();
        stage = undefined;
      }
    }
  } finally {
    await stage?.stop();
  }
  return verdicts;
}

async function staged(stage: Stage, fault: Fault): Promise<Pick<Verdict, 'faults' | 'decided'>> {
  await stage.startLoad(fault.name);
  await stage.load.more(WARM);
  const own = await Promise.race([fault.strike(stage), tooLong(stage)]).then(
    (faults) => faults ?? [],
    (error: unknown) => [firstLine(error)],
  );
  if (fault.ruins) {
    await stage.load.stop(0);
    return { faults: own, decided: stage.load.decided };
  }
  await Promise.race([stage.load.more(AFTER), pause(stage.healsWithinMs)]);
  await stage.load.stop(stage.healsWithinMs);
  const found = await stage.auditor.audit().then(
    (violations) => violations.map(told),
    (error: unknown) => [`audit: ${firstLine(error)}`],
  );
  return { faults: [...own, ...found], decided: stage.load.decided };
}

/** A platform that does not heal is no reason to wait for ever. */
async function tooLong({ healsWithinMs }: Stage): Promise<never> {
  await pause(healsWithinMs * STRIKES_WITHIN, undefined, { ref: false });
  throw new Error(`I8: the fault was not over within ${(healsWithinMs * STRIKES_WITHIN) / 1_000} s`);
}

const told = ({ invariant, what }: Violation): string => `${invariant}: ${what}`;

/** A platform that does not even come back. */
const broken = (error: unknown): Pick<Verdict, 'faults' | 'decided'> => ({ faults: [firstLine(error)], decided: 0 });

/** Behind it may stand a service's whole log. */
const firstLine = (error: unknown): string => String(error).split('\n')[0]!;
