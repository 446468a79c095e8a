// Converts hours of the week to a grid of 7 × 24, and back to the fewest entries with the same meaning.
import type { Day, Hours } from '@vouchers/contracts';

export const DAYS: readonly Day[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const DAY_MINUTES = 1_440;

/** A range of minutes of one day; `to` is exclusive. */
type MinuteRange = readonly [from: number, to: number];
type Week = readonly (readonly MinuteRange[])[];

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const timeAt = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function weekOf(hours: readonly Hours[]): Week {
  const week: MinuteRange[][] = DAYS.map(() => []);
  for (const { days, from, to } of hours) {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    for (const day of days) {
      const index = DAYS.indexOf(day);
      week[index]?.push(begin < end ? [begin, end] : [begin, DAY_MINUTES]);
      if (begin >= end && end > 0) week[(index + 1) % 7]?.push([0, end]);
    }
  }
  return week.map(joined);
}

function joined(stretches: readonly MinuteRange[]): MinuteRange[] {
  const result: MinuteRange[] = [];
  for (const [from, to] of stretches.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}

function hoursOf(week: Week): Hours[] {
  const days = new Map<string, Day[]>();
  for (const [index, stretches] of week.entries()) {
    for (const [from, to] of stretches) {
      const key = `${timeAt(from)}-${timeAt(to)}`;
      days.set(key, [...(days.get(key) ?? []), DAYS[index]!]);
    }
  }
  return [...days].map(([key, on]) => ({ days: on, from: key.slice(0, 5), to: key.slice(6) }));
}

export type Cell = 'open' | 'part' | 'closed';

/** The grid by day (Monday first) and hour. */
export function cellsOf(hours: readonly Hours[]): Cell[][] {
  return weekOf(hours).map((stretches) =>
    Array.from({ length: 24 }, (_, hour) => {
      const covered = stretches.reduce(
        (sum, [from, to]) => sum + Math.max(0, Math.min(to, hour * 60 + 60) - Math.max(from, hour * 60)),
        0,
      );
      return covered === 60 ? 'open' : covered > 0 ? 'part' : 'closed';
    }),
  );
}

/** The hours with one cell of the grid opened or closed. */
export function withCell(hours: readonly Hours[], day: number, hour: number, open: boolean): Hours[] {
  const [begin, end] = [hour * 60, hour * 60 + 60];
  const week = weekOf(hours).map((stretches, index) => {
    if (index !== day) return stretches;
    if (open) return joined([...stretches, [begin, end]]);
    return stretches.flatMap(([from, to]): MinuteRange[] =>
      [[from, Math.min(to, begin)] as const, [Math.max(from, end), to] as const].filter(([a, b]) => a < b),
    );
  });
  return hoursOf(week);
}
