/** One field in which two values differ. */
export interface Difference {
  /** JSON pointer (RFC 6901). */
  pointer: string;
  /** Absent if the field does not exist. */
  before?: unknown;
  after?: unknown;
}

/** A list is compared as one field. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields in which two JSON values differ, in the order of `before`; fields that only `after` has come last. */
export function differences(before: unknown, after: unknown, pointer = ''): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differences(before[name], after[name], `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ pointer, before, after }];
}

/** A longer list is shown by its length, which says more than thousands of entries. */
const LONGEST = 2_000;

/** A value as text for people. */
export function valueShown(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value, null, 1);
  return Array.isArray(value) && text.length > LONGEST ? `[${value.length}]` : text;
}
