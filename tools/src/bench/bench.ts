// What a measurement is made of: benches make figures, each compared with something that ran in the same rounds.
import type { Stage } from './stage.ts';

/** Sizes of a run. Smaller ones are for development: their figures are shown, not kept. */
export interface Sizes {
  /** Times that each case runs, alternated with the others. */
  readonly rounds: number;
  /** Claims of a backlog in Kafka. */
  readonly claims: number;
  /** Claims that fill the tables before P6. */
  readonly earlier: number;
  /** Claims of different users over which memory must stay flat. */
  readonly lasting: number;
  /** Of one measurement over HTTP. */
  readonly seconds: number;
}

export const FULL: Sizes = { rounds: 3, claims: 500_000, earlier: 5_000_000, lasting: 2_000_000, seconds: 6 };

/** One line of the table. */
export interface Figure {
  /** `P1`, or a word. */
  readonly id: string;
  /** What was done, with its size. */
  readonly what: string;
  /** One a round: a ratio, unless `unit` says otherwise. */
  readonly values: readonly number[];
  readonly unit?: string;
  /** What must be reached, and what would be better still; `at most` where less is better. */
  readonly goal?: { readonly sense: 'at least' | 'at most'; readonly target: number; readonly stretch: number };
  /** The two sides of the ratio, in words. */
  readonly ours: string;
  readonly baseline: string;
  /** What else was seen: CPU, memory. */
  readonly seen?: string;
}

/** Measures one or several figures that share their preparation. */
export interface Bench {
  /** What may be asked for by name, in the order of the table. */
  readonly ids: readonly string[];
  /** @param asked those of `ids` that are wanted @throws Error where the work was not done as it should */
  run(stage: Stage, sizes: Sizes, asked: ReadonlySet<string>): Promise<Figure[]>;
  /** Comparisons of two builds (`--against`), by the figure's id. */
  readonly versus?: Readonly<Record<string, Comparison>>;
}

/** A value for each of two builds: this checkout's, and the one that it is compared with. */
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
   * Prepares both. The other build makes the data for both, since a newer build reads what an older one wrote.
   * @returns a measurement of each, which is taken once a round and throws where the work was not done as it should
   */
  open(stages: Builds<Stage>, sizes: Sizes): Promise<Builds<() => Promise<number>>>;
}
