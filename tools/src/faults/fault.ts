import type { Stage, StageOptions } from './stage.ts';

/** One thing that goes wrong while the platform is under load. */
export interface Fault {
  /** As its file is called, and as it is asked for: `npm run faults -- ledger-killed`. */
  readonly name: string;
  /** What happens, as a sentence. */
  readonly title: string;
  /** It kills Postgres or Kafka, or fills their disk: they must be the run's own. */
  readonly needsServers?: boolean;
  /** It leaves the platform so that nothing else can run on it. */
  readonly ruins?: boolean;
  /** Why it cannot be staged here; undefined where it can. */
  unstageable?(options: StageOptions): string | undefined;
  /** Brings it about under load, and ends it. @returns what went wrong beside the invariants, which are checked then. */
  strike(stage: Stage): Promise<string[] | void>;
}
