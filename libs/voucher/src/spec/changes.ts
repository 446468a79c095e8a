import type { Fault, VoucherSpec } from '@vouchers/contracts';
import { isObject, own, pointerTo } from './shape.ts';

/** JSON pointers to what differs between two specs: field by field, a list as one. */
export function changedPointers(before: VoucherSpec, after: VoucherSpec): string[] {
  return changes(before, after, '');
}

function changes(before: unknown, after: unknown, pointer: string): string[] {
  if (!isObject(before) || !isObject(after)) return isSame(before, after) ? [] : [pointer];
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((field) => changes(own(before, field), own(after, field), pointerTo(pointer, field)));
}

function isSame(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((one, index) => changes(one, after[index], '').length === 0);
  }
  return before === after;
}

/** What publication froze and this change touches: the clock and the time zone. */
export function frozenFaults(before: VoucherSpec, after: VoucherSpec): Fault[] {
  const frozen: [string, unknown, unknown][] = [
    ['/clock', before.clock, after.clock],
    ['/windows/timeZone', before.windows.timeZone, after.windows.timeZone],
  ];
  return frozen.flatMap(([pointer, was, is]) =>
    was === is ? [] : [{ pointer, message: `frozen since publication: ${was}` }],
  );
}
