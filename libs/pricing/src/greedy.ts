// Chooses a set greedily: again and again the claim that takes off the most beside those chosen. The search begins with it.
import { MOST_TOGETHER } from './combination.ts';
import type { Option } from './options.ts';
import { reachedOf, takeOff } from './price.ts';

/** A claim that is not chosen. Its gain is at most that of an earlier look, since more claims leave less to take off. */
interface Chance {
  place: number;
  gain: number;
}

/** The work that a search may still do, counted in lines that it looks at. */
export interface Work {
  left: number;
}

/** A split of a line costs so much more than adding up its rest. */
export const SPLIT = 10;

/** Less than a millisecond. */
export const WORK_PER_PAUSE = 20_000;

export class Greedy {
  /** The options that are chosen, in the order of application. */
  places: number[] = [];
  discount = 0;
  private amounts: number[] = [];
  /** By index of the chosen options: what is left of the lines before each of them, and at the end. */
  private readonly before: number[][];
  private readonly scratch: number[];
  private readonly options: readonly Option[];
  private readonly joins: (place: number, places: readonly number[]) => boolean;
  private readonly work: Work;

  constructor(
    options: readonly Option[],
    lines: readonly number[],
    joins: (place: number, places: readonly number[]) => boolean,
    work: Work,
  ) {
    this.options = options;
    this.joins = joins;
    this.work = work;
    this.before = [[...lines]];
    this.scratch = [...lines];
  }

  /** @returns false if it was cut */
  *choose(): Generator<void, boolean> {
    let pausedAt = this.work.left;
    let chances = this.options.map(({ alone }, place): Chance => ({ place, gain: alone }));
    while (chances.length > 0 && this.places.length < MOST_TOGETHER) {
      chances.sort((one, other) => other.gain - one.gain || one.place - other.place);
      let best: Chance | undefined;
      for (const chance of chances) {
        if (best && chance.gain <= best.gain) break;
        chance.gain = this.joins(chance.place, this.places) ? this.gainOf(chance.place, best?.gain ?? 0) : 0;
        if (chance.gain > (best?.gain ?? 0)) best = chance;
        if (this.work.left < 0) return false;
        if (pausedAt - this.work.left > WORK_PER_PAUSE) {
          pausedAt = this.work.left;
          yield;
        }
      }
      if (!best) break;
      this.add(best.place);
      chances = chances.filter((chance) => chance !== best && chance.gain > 0);
    }
    return true;
  }

  /** How much the discount of the set grows with this option. As soon as that is at most `wanted`, a limit of it. */
  private gainOf(place: number, wanted: number): number {
    const { options, places, amounts, scratch, work } = this;
    const { voucher, budgetLeft, reach, discount } = options[place]!;
    let index = places.findIndex((other) => other > place);
    if (index === -1) index = places.length;
    const before = this.before[index]!;
    const own = discount(reachedOf(before, reach));
    work.left -= before.length;
    let gain = own;
    let spent = own;
    for (let other = 0; other < index; other += 1)
      if (options[places[other]!]!.voucher === voucher) spent += amounts[other]!;
    if (gain > wanted && index < places.length) {
      for (let line = 0; line < before.length; line += 1) scratch[line] = before[line]!;
      takeOff(scratch, discount, reach);
      work.left -= SPLIT * (reach ?? before).length;
    }
    for (; gain > wanted && index < places.length; index += 1) {
      const later = options[places[index]!]!;
      // The last one need not be split.
      const isLast = index === places.length - 1;
      const amount = isLast
        ? later.discount(reachedOf(scratch, later.reach))
        : takeOff(scratch, later.discount, later.reach);
      work.left -= isLast ? before.length : SPLIT * (later.reach ?? before).length;
      gain -= amounts[index]! - amount;
      if (later.voucher === voucher) spent += amount;
    }
    return gain > wanted && spent > budgetLeft ? 0 : gain;
  }

  private add(place: number): void {
    this.places = [...this.places, place].sort((one, other) => one - other);
    const from = this.places.indexOf(place);
    this.amounts.length = from;
    for (let index = from; index < this.places.length; index += 1) {
      const { discount, reach } = this.options[this.places[index]!]!;
      const left = [...this.before[index]!];
      this.amounts.push(takeOff(left, discount, reach));
      this.before[index + 1] = left;
      this.work.left -= SPLIT * (reach ?? left).length;
    }
    this.discount = this.amounts.reduce((sum, amount) => sum + amount, 0);
  }
}
