// Compares sets of equal size by their ends, ascending, then by their claims' ids, ascending.
import { MOST_TOGETHER } from './combination.ts';
import type { Option } from './options.ts';

/** Two lists that are compared one after the other. Both ascend. */
export interface Ending {
  readonly ends: readonly number[];
  /** The ranks of the ids. */
  readonly ranks: readonly number[];
}

const ascending = (one: number, other: number): number => one - other;

export class Ties {
  private readonly options: readonly Option[];
  /** By place: the lowest of the claims from this place on. Made when they are first needed. */
  private lowest?: Ending[];
  /** Used again for each comparison, since a search makes very many. */
  private readonly scratch: number[] = [];

  constructor(options: readonly Option[]) {
    this.options = options;
  }

  endingOf(places: readonly number[]): Ending {
    const options = places.map((place) => this.options[place]!);
    return {
      ends: options.map(({ candidate }) => candidate.until).sort(ascending),
      ranks: options.map(({ rank }) => rank).sort(ascending),
    };
  }

  /** Below 0 if the set precedes this one of the same size. */
  compare(places: readonly number[], other: Ending): number {
    return this.compared(places, 0, undefined, other);
  }

  /** Whether these claims with `count` from this place on may precede a set of the same size. */
  mayPrecede(chosen: readonly number[], place: number, count: number, other: Ending): boolean {
    return this.compared(chosen, count, (this.lowest ??= this.lowestEndings())[place], other) < 0;
  }

  private lowestEndings(): Ending[] {
    const lowest: Ending[] = [];
    const [ends, ranks]: [number[], number[]] = [[], []];
    for (let place = this.options.length - 1; place >= 0; place -= 1) {
      const { candidate, rank } = this.options[place]!;
      insert(ends, candidate.until);
      insert(ranks, rank);
      ends.length = ranks.length = Math.min(ends.length, MOST_TOGETHER);
      lowest[place] = { ends: [...ends], ranks: [...ranks] };
    }
    return lowest;
  }

  private compared(places: readonly number[], added: number, from: Ending | undefined, other: Ending): number {
    const { options, scratch } = this;
    scratch.length = 0;
    for (let index = 0; index < added; index += 1) scratch.push(from!.ends[index]!);
    for (const place of places) insert(scratch, options[place]!.candidate.until);
    const byEnd = firstDifference(scratch, other.ends);
    if (byEnd !== 0) return byEnd;
    scratch.length = 0;
    for (let index = 0; index < added; index += 1) scratch.push(from!.ranks[index]!);
    for (const place of places) insert(scratch, options[place]!.rank);
    return firstDifference(scratch, other.ranks);
  }
}

/** Inserts a number into an ascending list. */
function insert(list: number[], value: number): void {
  let at = list.length;
  for (list.push(value); at > 0 && list[at - 1]! > value; at -= 1) list[at] = list[at - 1]!;
  list[at] = value;
}

function firstDifference(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < one.length; index += 1) {
    const difference = one[index]! - other[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
