// Arranges counts by day of the week and hour.
import type { Usage } from '../api/answers.ts';

export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Day = (typeof DAYS)[number];
export type Counted = 'claimed' | 'used';

export interface Week {
  /** Per day 24 counts. */
  days: { day: Day; counts: number[]; sum: number }[];
  highest: { day: Day; hour: number; count: number };
}

/** The week of what is counted. Hours in which nothing happened are 0. */
export function weekOf(byHour: Usage['byHour'], counted: Counted): Week {
  const days = DAYS.map((day) => ({ day, counts: Array.from({ length: 24 }, () => 0), sum: 0 }));
  let highest: Week['highest'] = { day: 'MO', hour: 0, count: 0 };
  for (const { day, hour, [counted]: count } of byHour) {
    const line = days[DAYS.indexOf(day)]!;
    line.counts[hour] = count;
    line.sum += count;
    if (count > highest.count) highest = { day, hour, count };
  }
  return { days, highest };
}
