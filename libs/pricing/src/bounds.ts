// Limits of what claims can add to a set. They are never too low, so the search passes over no better set.
import { MOST_TOGETHER } from './combination.ts';
import { sumOf } from './lines.ts';
import { quotientOf } from './money.ts';
import type { Option } from './options.ts';

/** The tighter limit is worth its time while few claims, and few claims times lines, are left. */
const FEW = { claims: MOST_TOGETHER, lines: 1_000 };

export class Bounds {
  private readonly options: readonly Option[];
  /** By place: the greatest sums that 0, 1, 2, … claims from this place on take off alone. */
  private readonly sums: number[][] = [];

  /** @param options in the order of application */
  constructor(options: readonly Option[]) {
    this.options = options;
    const sorted: Option[] = [];
    for (const option of options.toReversed()) {
      const at = sorted.findIndex(({ alone }) => alone <= option.alone);
      sorted.splice(at === -1 ? sorted.length : at, 0, option);
      this.sums.push(greatestSums(sorted));
    }
    this.sums.reverse();
  }

  /** The most that up to `count` claims from this place on take off. */
  sum(place: number, count: number): number {
    const sums = this.sums[place]!;
    return sums[Math.min(count, sums.length - 1)]!;
  }

  /** The most that these claims take off what is left. @param total the sum of what is left */
  most(places: readonly number[], left: readonly number[], total: number): number {
    if (places.length > FEW.claims || places.length * left.length > FEW.lines) return total;
    return total - sumOf(this.least(places, left));
  }

  /** The fewest claims from this place on that may take off so much, at least one. */
  fewest(place: number, wanted: number): number {
    const count = this.sums[place]!.findIndex((sum) => sum >= wanted);
    return count === -1 ? Infinity : Math.max(1, count);
  }

  /**
   * The least that any of these claims leave of each line: as if all of them were used. Less that is left of a line
   * means that less is left of it after any claim, but for one unit of rounding.
   */
  private least(places: readonly number[], left: readonly number[]): number[] {
    const least = [...left];
    for (const place of places) {
      const { candidate, discount, reach } = this.options[place]!;
      let sum = 0;
      if (reach) for (const line of reach) sum += least[line]!;
      else sum = sumOf(least);
      if (sum === 0) continue;
      const rounding = candidate.benefit!.type === 'percent-off' && least.length > 1 ? 1 : 0;
      const rest = Math.max(0, sum - discount(sum) - rounding);
      if (reach) for (const line of reach) least[line] = quotientOf(least[line]!, rest, sum);
      else for (let line = 0; line < least.length; line += 1) least[line] = quotientOf(least[line]!, rest, sum);
    }
    return least;
  }
}

/** @param options with the greatest first; a voucher counts no more often than it may be on one order */
function greatestSums(options: readonly Option[]): number[] {
  const sums = [0];
  const counts: number[] = [];
  for (const { voucher, most, alone } of options) {
    if (sums.length > MOST_TOGETHER) break;
    const count = (counts[voucher] ?? 0) + 1;
    if (count > most) continue;
    counts[voucher] = count;
    sums.push(sums.at(-1)! + alone);
  }
  return sums;
}
