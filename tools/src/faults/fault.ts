import type { Stage, StageOptions } from './stage.ts';

/** One failure that is caused while the platform is under load. */
export interface Fault {
  /** The name for `npm run faults -- ledger-killed`. Its file has a similar name. */
  readonly name: string;
  /** One sentence that says what happens. */
  readonly title: string;
  /** It kills Postgres or Kafka, or fills their disk, so these must belong to the run. */
  readonly needsServers?: boolean;
  /** Afterwards no other fault can run on the platform. */
  readonly ruins?: boolean;
  /** A built checkout with which its platform begins. It needs a platform of its own, then. */
  former?(): string | undefined;
  /** The reason why it cannot run here; undefined if it can. */
  unavailable?(options: StageOptions): string | undefined;
  /** Causes and ends the fault under load. @returns violations beside the invariants, which are checked afterwards */
  inject(stage: Stage): Promise<string[] | void>;
}
