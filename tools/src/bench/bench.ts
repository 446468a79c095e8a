// The parts of a measurement. A bench measures figures; each is compared with a baseline in the same rounds.
import type { Stage } from './stage.ts';

/** Sizes of a run. Figures of a smaller run are printed but not kept. */
export interface Sizes {
  /** How often each case runs. Cases take turns. */
  readonly rounds: number;
  /** Claims of a backlog in Kafka. */
  readonly claims: number;
  /** Claims that are in the tables before P6 begins. */
  readonly earlier: number;
  /** Claims of different users over which memory must stay flat. */
  readonly lasting: number;
  /** Duration of one measurement over HTTP. */
  readonly seconds: number;
}

export const FULL: Sizes = { rounds: 3, claims: 500_000, earlier: 5_000_000, lasting: 2_000_000, seconds: 6 };

/** One line of the table. */
export interface Figure {
  /** `P1`, or a word. Several figures of one bench may share the first word. */
  readonly id: string;
  /** The measured work, with its size. */
  readonly what: string;
  /** One value per round. A ratio, unless `unit` names a unit. */
  readonly values: readonly number[];
  readonly unit?: string;
  /** The target, and a better value to aim for. `at most` if less is better. */
  readonly goal?: { readonly sense: 'at least' | 'at most'; readonly target: number; readonly stretch: number };
  /** Our side of the ratio, in words. */
  readonly ours: string;
  readonly baseline: string;
  /** Other observations: CPU, memory. */
  readonly seen?: string;
}

/** Measures one or several figures that share their preparation. */
export interface Bench {
  /** The figures that can be asked for, in the order of the table. */
  readonly ids: readonly string[];
  /** @param asked the wanted ones of `ids` @throws Error if the work was not done correctly */
  run(stage: Stage, sizes: Sizes, asked: ReadonlySet<string>): Promise<Figure[]>;
  /** Comparisons of two builds (`--against`), by the figure's id. */
  readonly versus?: Readonly<Record<string, Comparison>>;
}

/** A value of each of two builds: this checkout and the one it is compared with. */
export interface Builds<T> {
  readonly ours: T;
  readonly theirs: T;
}

/** A speed that is measured for two builds in turns. */
export interface Comparison {
  /** A description of the work, with its size. */
  what(sizes: Sizes): string;
  /** The unit of the speed, such as `claims/s`. */
  readonly unit: string;
  /**
   * Prepares both builds. The other build makes the data for both, since a newer build reads data of an older one.
   * @returns a measurement of each, which runs once per round and throws if the work was not done correctly
   */
  open(stages: Builds<Stage>, sizes: Sizes): Promise<Builds<() => Promise<number>>>;
}
