// Measures two builds in turns: this checkout's, and the one in another folder.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { ROOT } from '../places.ts';
import { Hint } from '../processes/hint.ts';
import { mainOf } from '../services/service-process.ts';
import type { Bench, Builds, Comparison, Figure, Sizes } from './bench.ts';
import { commit } from './report/machine.ts';
import { ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';

/** More rounds than a figure has, since two builds differ less than a build and its baseline. */
export const ROUNDS = 5;

/** The folder of a built checkout. @throws Hint if it is not one */
export function builtCheckout(folder: string): string {
  const root = resolve(folder);
  const missing = SERVICE_NAMES.map((name) => mainOf(name, root)).find((main) => !existsSync(main));
  if (missing !== undefined) throw new Hint(`--against names the folder of a built checkout: ${missing} is not there`);
  return root;
}

/** This figure's comparison of two builds. @throws Hint if there is none */
export function comparisonOf(id: string, benches: readonly Bench[]): Comparison {
  const comparisons = Object.assign({}, ...benches.map(({ versus }) => versus)) as Record<string, Comparison>;
  const found = comparisons[id];
  if (!found) throw new Hint(`two builds are compared by ${Object.keys(comparisons).join(', ')}, not by ${id}`);
  return found;
}

/** Measures both once per round. The one that begins alternates. */
export async function inTurns(
  rounds: number,
  { ours, theirs }: Builds<() => Promise<number>>,
): Promise<Builds<number[]>> {
  const seen: Builds<number[]> = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    const first = async (): Promise<void> => void seen.ours.push(await ours());
    const second = async (): Promise<void> => void seen.theirs.push(await theirs());
    for (const measure of round % 2 === 0 ? [first, second] : [second, first]) await measure();
  }
  return seen;
}

/** @param against a folder from `builtCheckout` */
export async function compare(
  stage: Stage,
  { id, comparison, against, sizes }: { id: string; comparison: Comparison; against: string; sizes: Sizes },
): Promise<Figure> {
  const measures = await comparison.open({ ours: stage, theirs: stage.of(against) }, sizes);
  const told = (build: string, measure: () => Promise<number>) => async (): Promise<number> => {
    const value = await measure();
    stage.say(`  ${build}: ${shown(value)} ${comparison.unit}`);
    return value;
  };
  const names = { ours: commit(ROOT) || 'this build', theirs: commit(against) || against };
  const seen = await inTurns(sizes.rounds, {
    ours: told(names.ours, measures.ours),
    theirs: told(names.theirs, measures.theirs),
  });
  return {
    id,
    what: `${comparison.what(sizes)}: ${names.ours} ÷ ${names.theirs}, in turns, ${sizes.rounds} rounds`,
    values: ratios(seen.ours, seen.theirs),
    ours: `${shownSpread(seen.ours)} ${comparison.unit}`,
    baseline: `${shownSpread(seen.theirs)} ${comparison.unit}`,
  };
}
