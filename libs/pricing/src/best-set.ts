// Finds the set of claims that takes the most off an order, by branch and bound.
import { takesMoneyOff } from '@vouchers/contracts';
import { Bounds } from './bounds.ts';
import { sooner, type Candidate } from './candidate.ts';
import { Greedy, SPLIT, WORK_PER_PAUSE, type Work } from './greedy.ts';
import { joins, MOST_TOGETHER, pairs } from './combination.ts';
import { sumOf, type Line } from './lines.ts';
import { optionsOf, type Option } from './options.ts';
import { reachedOf, takeOff } from './price.ts';
import { Ties, type Ending } from './ties.ts';

/** The most sets that the search looks at. */
const MOST_NODES = 50_000;
/**
 * The most work of the greedy choice and of the search after it, counted in lines: one for each line whose rest is added
 * up, more for one that is split. A customer with 200 claims must not cost more than some dozens of milliseconds.
 */
const MOST_WORK = { greedy: 4_000_000, search: 250_000 };
const WORK_PER_CLAIM = 4;
const WORK_PER_TIE = 4;
const NODES_PER_PAUSE = 64;

export interface BestSet {
  candidates: Candidate[];
  /** True if the search ended by itself, so no set is better. */
  exact: boolean;
}

/** A set of options. `places` are ascending, which is the order of application. */
interface Found extends Ending {
  places: readonly number[];
  discount: number;
}

const NOTHING: Found = { places: [], discount: 0, ends: [], ranks: [] };

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

/** A set that the search has reached, and what may be added to it. Each depth of the search has one, which is used again. */
interface Node {
  /** The rest of each line that the set leaves. */
  left: number[];
  total: number;
  discount: number;
  /** The options that may be added, as far as pairs and numbers are concerned. Ascending. */
  places: number[];
  /** The amount that each of them takes off what is left. Later it takes off no more than that. */
  gains: number[];
  /** The most that those from each index on may take off together. */
  sums: number[];
  next: number;
}

class Search {
  readonly options: readonly Option[];
  best = NOTHING;
  private readonly amounts: number[];
  private readonly bounds: Bounds;
  private readonly ties: Ties;
  private readonly chosen: number[] = [];
  /** By voucher: how many claims are chosen, and how much they take off. */
  private readonly used: number[];
  private readonly spent: number[];
  private readonly counted: number[];
  private readonly nodes: Node[] = [];
  /** By kind: for each option 1 if it may be on one order with that kind. Made when it is first needed. */
  private readonly pairs: Uint8Array[] = [];
  private readonly work: Work = { left: MOST_WORK.greedy };

  constructor(lines: readonly Line[], candidates: readonly Candidate[]) {
    const { options, amounts, vouchers } = optionsOf(lines, candidates);
    this.options = options;
    this.amounts = amounts;
    this.bounds = new Bounds(options);
    this.ties = new Ties(options);
    this.used = Array<number>(vouchers).fill(0);
    this.spent = Array<number>(vouchers).fill(0);
    this.counted = Array<number>(vouchers).fill(0);
  }

  /** @returns false if the order has too many lines */
  *chooseGreedily(): Generator<void, boolean> {
    const greedy = new Greedy(this.options, this.amounts, (place, places) => this.joins(place, places), this.work);
    const isWhole = yield* greedy.choose();
    const { places, discount } = greedy;
    this.best = { places, discount, ...this.ties.endingOf(places) };
    return isWhole;
  }

  /** Looks at all sets that may be better than the best one. @returns false if it was cut */
  *tryAll(): Generator<void, boolean> {
    const { chosen, options } = this;
    this.begin();
    this.work.left = Math.min(this.work.left, MOST_WORK.search);
    let pausedAt = this.work.left;
    for (let looks = 0, depth = 0; depth >= 0;) {
      const node = this.nodes[depth]!;
      const index = node.next++;
      if (!this.mayImprove(node, index, node.total, node.discount)) {
        depth -= 1;
        this.leave();
        continue;
      }
      if (looks === MOST_NODES || this.work.left < 0) return false;
      looks += 1;
      if (looks % NODES_PER_PAUSE === 0 || pausedAt - this.work.left > WORK_PER_PAUSE) {
        pausedAt = this.work.left;
        yield;
      }
      const [place, gain] = [node.places[index]!, node.gains[index]!];
      const { voucher, budgetLeft } = options[place]!;
      // Later claims change neither this discount nor the budget's rest.
      if (this.spent[voucher]! + gain > budgetLeft) continue;
      chosen.push(place);
      this.used[voucher]! += 1;
      this.spent[voucher]! += gain;
      this.consider(node.discount + gain);
      if (this.mayImprove(node, index + 1, node.total - gain, node.discount + gain)) {
        this.enter(depth, index);
        depth += 1;
      } else this.leave(gain);
    }
    return true;
  }

  private begin(): void {
    const { options, amounts } = this;
    const places = [...options.keys()];
    const gains = options.map(({ alone }) => alone);
    const root: Node = { left: [...amounts], total: sumOf(amounts), discount: 0, places, gains, sums: [], next: 0 };
    this.sumUp(root);
    this.nodes[0] = root;
  }

  /** Goes on from the set with the option that was chosen last. */
  private enter(depth: number, index: number): void {
    const from = this.nodes[depth]!;
    const node = (this.nodes[depth + 1] ??= {
      left: [...from.left],
      total: 0,
      discount: 0,
      places: [],
      gains: [],
      sums: [],
      next: 0,
    });
    const { left } = node;
    for (let line = 0; line < left.length; line += 1) left[line] = from.left[line]!;
    const place = from.places[index]!;
    const { discount, reach } = this.options[place]!;
    const amount = takeOff(left, discount, reach);
    this.work.left -= left.length + SPLIT * (reach ?? left).length;
    node.total = from.total - amount;
    node.discount = from.discount + amount;
    node.next = 0;
    this.choices(from, index, place, node);
    this.sumUp(node);
  }

  /** The options after this one that may be added beside it, and that still take something off. */
  private choices(from: Node, index: number, place: number, { left, total, places, gains }: Node): void {
    const { options, used } = this;
    const row = this.pairsOf(place);
    let count = 0;
    for (let later = index + 1; later < from.places.length; later += 1) {
      const other = from.places[later]!;
      const { voucher, most, reach, discount } = options[other]!;
      if (row[other] === 0 || used[voucher]! >= most) continue;
      const reached = reach ? reachedOf(left, reach) : total;
      this.work.left -= reach?.length ?? 1;
      const gain = reached === 0 ? 0 : discount(reached);
      if (gain === 0) continue;
      places[count] = other;
      gains[count++] = gain;
    }
    this.work.left -= WORK_PER_CLAIM * (from.places.length - index);
    places.length = count;
    gains.length = count;
  }

  /** Claims of one voucher count no more often, and for no more money, than they may be on the order. */
  private sumUp({ places, gains, sums }: Node): void {
    const { options, used, spent, counted } = this;
    sums.length = places.length + 1;
    let sum = (sums[places.length] = 0);
    for (let index = places.length - 1; index >= 0; index -= 1) {
      const { voucher, most, isLikeItsVoucher, budgetLeft } = options[places[index]!]!;
      // Beside different claims of a voucher, the later ones may take off less than the earlier ones.
      const count = (counted[voucher] = counted[voucher]! + 1);
      if (!isLikeItsVoucher || count <= most - used[voucher]!)
        sum += Math.min(gains[index]!, budgetLeft - spent[voucher]!);
      sums[index] = sum;
    }
    for (const place of places) counted[options[place]!.voucher] = 0;
  }

  /** Takes back the option that was chosen last. @param gain its discount, if no node was entered for it */
  private leave(gain?: number): void {
    const place = this.chosen.pop();
    if (place === undefined) return;
    const { voucher } = this.options[place]!;
    this.used[voucher]! -= 1;
    const depth = this.chosen.length;
    this.spent[voucher]! -= gain ?? this.nodes[depth + 1]!.discount - this.nodes[depth]!.discount;
  }

  /** Whether the chosen claims with some of this node from this index on may be better than the best set. */
  private mayImprove({ places, sums, left }: Node, index: number, total: number, discount: number): boolean {
    const { chosen, best } = this;
    if (index >= places.length || chosen.length >= MOST_TOGETHER) return false;
    const place = places[index]!;
    const wanted = best.discount - discount;
    let most = Math.min(total, sums[index]!);
    if (most >= wanted) most = Math.min(most, this.bounds.sum(place, MOST_TOGETHER - chosen.length));
    if (most >= wanted && index === 0) most = Math.min(most, this.bounds.most(places, left, total));
    if (most !== wanted) return most > wanted;
    const count = this.bounds.fewest(place, wanted) + chosen.length;
    if (count !== best.places.length) return count < best.places.length;
    const added = count - chosen.length;
    this.work.left -= WORK_PER_TIE * count;
    return this.ties.mayPrecede(chosen, place, added, best);
  }

  private pairsOf(place: number): Uint8Array {
    const { candidate, kind } = this.options[place]!;
    return (this.pairs[kind] ??= this.pairsWith(candidate));
  }

  private pairsWith(candidate: Candidate): Uint8Array {
    const row = new Uint8Array(this.options.length);
    const known: number[] = [];
    for (const [place, other] of this.options.entries())
      row[place] = known[other.kind] ??= Number(pairs(candidate, other.candidate));
    return row;
  }

  private joins(place: number, places: readonly number[]): boolean {
    const { voucher, most } = this.options[place]!;
    const row = this.pairsOf(place);
    const alike = places.filter((other) => this.options[other]!.voucher === voucher).length;
    return places.length < MOST_TOGETHER && alike < most && places.every((other) => row[other] === 1);
  }

  private consider(discount: number): void {
    const { best, chosen } = this;
    const better = best.discount - discount || chosen.length - best.places.length || this.ties.compare(chosen, best);
    if (better < 0) this.best = { places: [...chosen], discount, ...this.ties.endingOf(chosen) };
  }
}
