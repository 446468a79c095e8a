// The counters of both worlds over time, at evenly spaced times. Their distance grows with the length of history.
import type { CounterValues, SimulationSeriesItem } from '@vouchers/contracts';
import { countersOf, NO_COUNTS } from '../counters.ts';
import type { VoucherState } from '../state.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import type { World } from './question.ts';
import type { Watch } from './simulated-world.ts';

/** The most points, without the one of the end. */
const MOST_POINTS = 199;
const FIRST_STEP_MS = 1_000;

/** Counters before a voucher's first event. */
const NOTHING: CounterValues = { ...NO_COUNTS, free: null };

export const countersIn = (voucher: VoucherState | undefined): CounterValues =>
  voucher ? countersOf(voucher) : NOTHING;

export class Series {
  #step = FIRST_STEP_MS;
  /** The time of point 0: the first event's. */
  #from: number | undefined;
  readonly #points: Record<World, CounterValues[]> = { was: [], would: [] };

  /** Watches a world for the series. */
  watch(world: World): Watch {
    return {
      quietUntil: () => (this.#from === undefined ? -Infinity : this.#timeOf(this.#points[world].length)),
      see: ({ at }, before) => {
        this.#from ??= at;
        this.#fill(world, at - 1, before);
      },
    };
  }

  /** The points up to the end, and the end itself. */
  upTo(end: number, was: VoucherState | undefined, would: VoucherState | undefined): SimulationSeriesItem[] {
    if (this.#from === undefined) return [];
    this.#fill('was', end - 1, was);
    this.#fill('would', end - 1, would);
    const { was: past, would: other } = this.#points;
    const items = past.slice(0, other.length).map((point, number) => this.#item(number, point, other[number]!));
    return [...items, { at: rfc3339(Math.max(end, this.#from)), was: countersIn(was), would: countersIn(would) }];
  }

  #item(number: number, was: CounterValues, would: CounterValues): SimulationSeriesItem {
    return { at: rfc3339(this.#timeOf(number)), was, would };
  }

  #timeOf(number: number): number {
    return this.#from! + number * this.#step;
  }

  /** Adds the points up to this time, at which the world had this state. */
  #fill(world: World, until: number, voucher: VoucherState | undefined): void {
    const from = this.#from!;
    while (Math.floor((until - from) / this.#step) >= MOST_POINTS) this.#double();
    const points = this.#points[world];
    if (this.#timeOf(points.length) > until) return;
    const counters = countersIn(voucher);
    while (this.#timeOf(points.length) <= until) points.push(counters);
  }

  /** Keeps every other point. */
  #double(): void {
    this.#step *= 2;
    for (const world of ['was', 'would'] as const)
      this.#points[world] = this.#points[world].filter((_, number) => number % 2 === 0);
  }
}
