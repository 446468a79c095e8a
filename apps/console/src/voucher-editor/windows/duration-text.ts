// Durations as people write them: a number and a unit. ISO 8601 stays for those with several units.

export const UNITS = ['minutes', 'hours', 'days', 'weeks', 'months'] as const;
export type Unit = (typeof UNITS)[number];

const FORMS: Record<Unit, (count: number) => string> = {
  minutes: (count) => `PT${count}M`,
  hours: (count) => `PT${count}H`,
  days: (count) => `P${count}D`,
  weeks: (count) => `P${count}W`,
  months: (count) => `P${count}M`,
};
const PARTS: readonly (readonly [RegExp, Unit, number])[] = [
  [/^PT(\d+)M$/, 'minutes', 1],
  [/^PT(\d+)H$/, 'hours', 1],
  [/^P(\d+)D$/, 'days', 1],
  [/^P(\d+)W$/, 'weeks', 1],
  [/^P(\d+)M$/, 'months', 1],
  [/^P(\d+)Y$/, 'months', 12],
  [/^PT0+S$/, 'days', 0],
];

/** A number and its unit; undefined if the duration has several units, or seconds. */
export function unitOf(duration: string): { count: number; unit: Unit } | undefined {
  for (const [form, unit, times] of PARTS) {
    const found = form.exec(duration);
    if (found) return { count: Number(found[1] ?? 0) * times, unit };
  }
  return undefined;
}

export const durationOf = (count: number, unit: Unit): string => (count === 0 ? 'PT0S' : FORMS[unit](count));
