// Limits of what claims can add to a set. They are never too low, so the search passes over no better set.
import { compareSets, type Candidate, type Ending } from './candidate.ts';
import { mostAlike, MOST_TOGETHER } from './combination.ts';
import { sumOf } from './lines.ts';
import { productOver } from './money.ts';

/** A claim of money in the search. */
export interface Option {
  candidate: Candidate;
  discount: (left: number) => number;
  /** Absent: every line. */
  reach?: readonly number[];
  /** The discount if it is used alone. With others, it takes off no more than that. */
  alone: number;
}

/** The tighter limit is worth its time while few claims, and few claims times lines, are left. */
const FEW = { claims: MOST_TOGETHER, lines: 1_000 };

export class Bounds {
  private readonly options: readonly Option[];
  /** By place: the greatest sums that 0, 1, 2, … claims from this place on take off alone. */
  private readonly sums: number[][] = [];
  private readonly earliest: number[][] = [];
  private readonly lowest: string[][] = [];

  /** @param options in the order of application */
  constructor(options: readonly Option[]) {
    this.options = options;
    const sorted: Option[] = [];
    for (const option of options.toReversed()) {
      const at = sorted.findIndex(({ alone }) => alone <= option.alone);
      sorted.splice(at === -1 ? sorted.length : at, 0, option);
      this.sums.unshift(greatestSums(sorted));
    }
  }

  /**
   * The most that up to `count` claims from this place on take off what is left. It is exact enough as soon as it is
   * below `wanted`.
   * @param total the sum of what is left
   */
  most(place: number, count: number, left: readonly number[], total: number, wanted: number): number {
    const sums = this.sums[place]!;
    const most = Math.min(total, sums[Math.min(count, sums.length - 1)]!);
    const claims = this.options.length - place;
    if (most < wanted || claims > FEW.claims || claims * left.length > FEW.lines) return most;
    return Math.min(most, total - sumOf(this.least(place, left)));
  }

  /** The fewest claims from this place on that may take off so much, at least one. */
  fewest(place: number, wanted: number): number {
    const count = this.sums[place]!.findIndex((sum) => sum >= wanted);
    return count === -1 ? Infinity : Math.max(1, count);
  }

  /** Whether these claims with `count` from this place on may precede a set of the same size. */
  mayPrecede(chosen: readonly Ending[], place: number, count: number, set: readonly Ending[]): boolean {
    const ends = (this.earliest[place] ??= this.from(place, ({ until }) => until).sort((a, b) => a - b));
    const ids = (this.lowest[place] ??= this.from(place, ({ claimId }) => claimId).sort());
    const added = ids.slice(0, count).map((claimId, index) => ({ claimId, until: ends[index]! }));
    return compareSets([...chosen, ...added], set) < 0;
  }

  /**
   * The least that any claims from this place on leave of each line: as if all of them were used. Less that is left of a
   * line means that less is left of it after any claim, but for one unit of rounding.
   */
  private least(place: number, left: readonly number[]): number[] {
    const least = [...left];
    for (const { candidate, discount, reach } of this.options.slice(place)) {
      const places = reach ?? least.keys();
      const sum = reach ? reach.reduce((total, line) => total + least[line]!, 0) : sumOf(least);
      if (sum === 0) continue;
      const rounding = candidate.benefit!.type === 'percent-off' && least.length > 1 ? 1 : 0;
      const rest = Math.max(0, sum - discount(sum) - rounding);
      for (const line of places) least[line] = productOver(least[line]!, rest, sum).quotient;
    }
    return least;
  }

  private from<T>(place: number, value: (candidate: Candidate) => T): T[] {
    return this.options.slice(place).map(({ candidate }) => value(candidate));
  }
}

/** @param options with the greatest first; a voucher counts no more often than it may be on one order */
function greatestSums(options: readonly Option[]): number[] {
  const sums = [0];
  const counts = new Map<string, number>();
  for (const { candidate, alone } of options) {
    if (sums.length > MOST_TOGETHER) break;
    const count = (counts.get(candidate.voucherId) ?? 0) + 1;
    if (count > mostAlike(candidate)) continue;
    counts.set(candidate.voucherId, count);
    sums.push(sums.at(-1)! + alone);
  }
  return sums;
}
