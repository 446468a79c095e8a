// Rounds and their statistics. Absolute figures drift on every machine, so cases take turns, with one ratio per round.

/** Median, least and greatest value. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error if there is no value */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** The first figure divided by the second, for each round. */
export const ratios = (ours: readonly number[], theirs: readonly number[]): number[] =>
  ours.map((value, round) => value / theirs[round]!);

/** Runs all cases in turn, once per round. Returns the results of each case by round. */
export async function alternate<Cases extends Record<string, (round: number) => Promise<unknown>>>(
  rounds: number,
  cases: Cases,
): Promise<{ [Name in keyof Cases]: Awaited<ReturnType<Cases[Name]>>[] }> {
  const results = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as unknown[]]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, run] of Object.entries(cases)) results[name]!.push(await run(round));
  return results as { [Name in keyof Cases]: Awaited<ReturnType<Cases[Name]>>[] };
}

/** Three significant digits; thousands with commas. */
export function shown(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** `17,700 (16,900–18,200)`. */
export function shownSpread(values: readonly number[]): string {
  const { median, min, max } = spread(values);
  return values.length === 1 ? shown(median) : `${shown(median)} (${shown(min)}–${shown(max)})`;
}
