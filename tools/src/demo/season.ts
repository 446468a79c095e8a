// The guests of a simulated season. They are invented from a seed, and the same in each run; nobody counted real ones.
import { Seeded } from '../faults/seed.ts';

export const SEASON = { days: 45, units: 100, guests: 140, seed: 1 } as const;

/**
 * The use that a guest makes of a unit. `comes`: uses it in time. `forgets`: uses it only if reminded. `late`: can come only
 * after its end. `cannot`: no longer wants it, and gives it back if reminded.
 */
export type Plan = 'comes' | 'forgets' | 'late' | 'cannot';

/** Times are days. */
export interface Guest {
  readonly id: string;
  readonly arrives: number;
  readonly plan: Plan;
  /** From the claim to the visit. */
  readonly visitsAfter: number;
  /** Until the guest answers an offer or a notice. */
  readonly answersAfter: number;
}

/** The first days bring most guests. */
const RUSH = { share: 0.7, days: 5 };
/** Guests still ask for a unit until this day. */
const LAST_ARRIVAL = 35;
const PLANS: readonly (readonly [plan: Plan, upTo: number])[] = [
  ['comes', 0.55],
  ['forgets', 0.75],
  ['late', 0.85],
  ['cannot', 1],
];

/** All guests, in the order in which they arrive. */
export function guestsOf({ guests, seed } = SEASON as { guests: number; seed: number }): Guest[] {
  const random = new Seeded(seed);
  const between = (low: number, high: number): number => low + random.next() * (high - low);
  const made = Array.from({ length: guests }, (_, index): Guest => {
    const arrives = random.next() < RUSH.share ? between(0, RUSH.days) : between(RUSH.days, LAST_ARRIVAL);
    const drawn = random.next();
    const plan = PLANS.find(([, upTo]) => drawn < upTo)![0];
    return {
      id: `guest-${String(index + 1).padStart(3, '0')}`,
      arrives,
      plan,
      visitsAfter: plan === 'late' ? between(7.5, 11) : between(0.3, 6.5),
      answersAfter: between(0.05, 0.6),
    };
  });
  return made.sort((one, other) => one.arrives - other.arrives);
}
