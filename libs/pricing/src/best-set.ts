// Finds the set of claims that takes the most off an order, by branch and bound.
import { takesMoneyOff } from '@vouchers/contracts';
import { Bounds, type Option } from './bounds.ts';
import { byApplication, compareSets, discounterOf, sooner, type Candidate } from './candidate.ts';
import { combine, joins, mostAlike, MOST_TOGETHER, pairs } from './combination.ts';
import { sumOf, type Line } from './lines.ts';
import { takeOff } from './price.ts';

/** The most sets that the search looks at. */
const MOST_NODES = 50_000;
/** The most lines that it looks at, counted once per claim applied: an order of thousands of lines must not take seconds. */
const MOST_LINES = 5_000_000;
const NODES_PER_PAUSE = 16;

export interface BestSet {
  candidates: Candidate[];
  /** True if the search ended by itself, so no set is better. */
  exact: boolean;
}

/** A set of options. `places` are ascending, which is the order of application. */
interface Found {
  places: readonly number[];
  discount: number;
}

const NOTHING: Found = { places: [], discount: 0 };

/**
 * The set with the greatest discount; of equal ones the fewest claims, then the earliest ends, then the lowest ids. Each
 * claim without money that combines is added, by its end. Pauses now and then.
 */
export function* bestSet(lines: readonly Line[], candidates: readonly Candidate[]): Generator<void, BestSet> {
  const search = new Search(lines, candidates);
  const exact = (yield* search.chooseGreedily()) && (yield* search.tryAll());
  const set = search.best.places.map((place) => search.options[place]!.candidate);
  for (const candidate of candidates.filter(({ benefit }) => !takesMoneyOff(benefit)).toSorted(sooner))
    if (joins(candidate, set)) set.push(candidate);
  return { candidates: set, exact };
}

class Search {
  readonly options: Option[];
  best = NOTHING;
  private readonly amounts: number[];
  private readonly bounds: Bounds;
  private readonly total: number;
  /** By place: for each other option 1 if the two may be on one order. Made when it is first needed. */
  private readonly pairs: Uint8Array[] = [];
  private linesLeft = MOST_LINES;

  constructor(lines: readonly Line[], candidates: readonly Candidate[]) {
    const money = candidates.filter(({ benefit }) => takesMoneyOff(benefit)).toSorted(byApplication);
    const amounts = lines.map(({ amount }) => amount);
    // If every claim reaches every line, the order counts as one line: its sum alone decides.
    const isWhole = money.every(({ reach }) => reach === undefined || reach.length === lines.length);
    this.total = sumOf(amounts);
    this.amounts = isWhole ? [this.total] : amounts;
    this.options = money
      .map((candidate): Option => {
        const reach = isWhole ? undefined : candidate.reach;
        const discount = discounterOf(candidate.benefit);
        const reached = reach ? reach.map((place) => amounts[place]!) : amounts;
        return { candidate, discount, reach, alone: discount(sumOf(reached)) };
      })
      .filter(({ alone }) => alone > 0);
    this.bounds = new Bounds(this.options);
  }

  /**
   * Adds the claim that takes off the most beside those chosen, as long as one takes off anything.
   * @returns false if the order has too many lines
   */
  *chooseGreedily(): Generator<void, boolean> {
    // A claim that took off less at an earlier look is looked at again only when none took off more.
    const gains = this.options.map(({ alone }, place) => ({ place, gain: alone }));
    while (gains.length > 0) {
      gains.sort((one, other) => one.gain - other.gain || other.place - one.place);
      const last = gains.pop()!;
      const places = [...this.best.places, last.place].sort((one, other) => one - other);
      if (!combine(this.candidatesOf(places))) continue;
      const discount = yield* this.discountOf(places);
      if (this.linesLeft < 0) return false;
      const gain = discount - this.best.discount;
      if (gain <= 0) continue;
      if (gain < (gains.at(-1)?.gain ?? 0)) gains.push({ place: last.place, gain });
      else this.best = { places, discount };
    }
    return true;
  }

  /** Looks at all sets that may be better than the best one. @returns false if it was cut */
  *tryAll(): Generator<void, boolean> {
    const { options, amounts } = this;
    const chosen: number[] = [];
    const next = [0];
    const left = Array.from({ length: MOST_TOGETHER + 1 }, () => [...amounts]);
    const discounts = [0];
    for (let nodes = 0; next.length > 0;) {
      const depth = chosen.length;
      const place = next[depth]!++;
      if (!this.mayImprove(chosen, place, discounts[depth]!, left[depth]!)) {
        next.pop();
        chosen.pop();
        continue;
      }
      if (nodes === MOST_NODES || this.linesLeft < 0) return false;
      nodes += 1;
      if (nodes % NODES_PER_PAUSE === 0) yield;
      if (!this.joins(place, chosen)) continue;
      const { discount, reach } = options[place]!;
      const rest = left[depth + 1]!;
      for (let line = 0; line < rest.length; line += 1) rest[line] = left[depth]![line]!;
      const amount = takeOff(rest, discount, reach);
      this.linesLeft -= rest.length;
      // A claim that takes nothing off is used in vain.
      if (amount === 0) continue;
      chosen.push(place);
      discounts[depth + 1] = discounts[depth]! + amount;
      next.push(place + 1);
      this.consider({ places: chosen, discount: discounts[depth + 1]! });
    }
    return true;
  }

  /** Whether the chosen claims with some from this place on may be better than the best set. */
  private mayImprove(chosen: readonly number[], place: number, discount: number, left: readonly number[]): boolean {
    if (place >= this.options.length || chosen.length >= MOST_TOGETHER) return false;
    const wanted = this.best.discount - discount;
    const most = this.bounds.most(place, MOST_TOGETHER - chosen.length, left, this.total - discount, wanted);
    if (most !== wanted) return most > wanted;
    const count = this.bounds.fewest(place, wanted) + chosen.length;
    if (count !== this.best.places.length) return count < this.best.places.length;
    const added = count - chosen.length;
    return this.bounds.mayPrecede(this.candidatesOf(chosen), place, added, this.candidatesOf(this.best.places));
  }

  /** As `joins`, from a table, since it is asked for each set. */
  private joins(place: number, chosen: readonly number[]): boolean {
    const { options } = this;
    const { candidate } = options[place]!;
    const row = (this.pairs[place] ??= Uint8Array.from(options, (other) => Number(pairs(candidate, other.candidate))));
    let alike = 0;
    for (const other of chosen) {
      if (row[other] === 0) return false;
      if (options[other]!.candidate.voucherId === candidate.voucherId) alike += 1;
    }
    return alike < mostAlike(candidate);
  }

  private consider({ places, discount }: Found): void {
    const { best } = this;
    const better =
      discount - best.discount ||
      best.places.length - places.length ||
      compareSets(this.candidatesOf(best.places), this.candidatesOf(places));
    if (better > 0) this.best = { places: [...places], discount };
  }

  private *discountOf(places: readonly number[]): Generator<void, number> {
    const left = [...this.amounts];
    let sum = 0;
    for (const place of places) {
      const { discount, reach } = this.options[place]!;
      sum += takeOff(left, discount, reach);
      this.linesLeft -= left.length;
      yield;
    }
    return sum;
  }

  private candidatesOf(places: readonly number[]): Candidate[] {
    return places.map((place) => this.options[place]!.candidate);
  }
}
