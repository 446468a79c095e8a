// Compares two specs, and merges the changes of two people.
import type { VoucherSpec } from '@vouchers/contracts';
import { pointerTo, valueAt, withValueAt } from './pointer.ts';

/** The change of one field. Undefined: the field does not exist. */
export interface Change {
  pointer: string;
  before: unknown;
  after: unknown;
}

/** The changed fields. A list counts as one field. */
export function changesBetween(before: VoucherSpec, after: VoucherSpec): Change[] {
  return changes(before, after, '');
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function changes(before: unknown, after: unknown, pointer: string): Change[] {
  if (before === after) return [];
  if (!isFields(before) || !isFields(after)) return isSame(before, after) ? [] : [{ pointer, before, after }];
  if (before.type !== after.type) return [{ pointer, before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => changes(before[name], after[name], pointerTo(pointer, name)));
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  if (!isFields(a) || !isFields(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame(a[name], b[name]));
}

/** A field that both changed to different values. */
export interface Clash {
  pointer: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
}
export interface Merge {
  /** Their spec with my changes. A field that clashes has their value. */
  merged: VoucherSpec;
  clashes: Clash[];
  /** The fields that only they changed. */
  theirs: Change[];
}

/** Three-way merge by field. Only a field that both changed to different values is a clash. */
export function mergeSpecs(base: VoucherSpec, mine: VoucherSpec, theirs: VoucherSpec): Merge {
  const myChanges = changesBetween(base, mine);
  const theirChanges = changesBetween(base, theirs);
  let merged = theirs;
  const clashes = new Map<string, Clash>();
  for (const { pointer, after } of myChanges) {
    const touched = theirChanges.filter((change) => overlap(change.pointer, pointer));
    if (touched.length === 0 || isSame(valueAt(theirs, pointer), after)) {
      merged = withValueAt(merged, pointer, after);
      continue;
    }
    const at = [pointer, ...touched.map((change) => change.pointer)].reduce((a, b) => (b.length < a.length ? b : a));
    clashes.set(at, { pointer: at, base: valueAt(base, at), mine: valueAt(mine, at), theirs: valueAt(theirs, at) });
  }
  return {
    merged,
    clashes: [...clashes.values()],
    theirs: theirChanges.filter(({ pointer }) => !myChanges.some((change) => overlap(change.pointer, pointer))),
  };
}

const overlap = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** The merged spec, with my values for the named clashes. */
export function resolveClashes({ merged, clashes }: Merge, takingMine: ReadonlySet<string>): VoucherSpec {
  return clashes
    .filter(({ pointer }) => takingMine.has(pointer))
    .reduce((spec, { pointer, mine }) => withValueAt(spec, pointer, mine), merged);
}
