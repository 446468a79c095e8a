import type { Fault, VoucherSpec } from '@vouchers/contracts';
import { zoneNamed } from '../time/zone.ts';
import { isObject, own, pointerTo } from './shape.ts';

/** JSON pointers to the fields that differ between two specs. A list counts as one field. */
export function changedPointers(before: VoucherSpec, after: VoucherSpec): string[] {
  return changes(asWritten(before), asWritten(after), '');
}

/**
 * A spec as this release writes it. Release 0.1.0 kept a zone's name in the case in which the caller sent it, and let
 * every team redeem a voucher and place it.
 */
function asWritten(spec: VoucherSpec): VoucherSpec {
  const windows = { ...spec.windows, timeZone: zoneNamed(spec.windows.timeZone) };
  return { redeemers: 'any', placements: 'any', ...spec, windows };
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

/** The faults of a change after publication: clock and time zone must stay the same. */
export function frozenFaults(before: VoucherSpec, after: VoucherSpec): Fault[] {
  const frozen: [string, unknown, unknown][] = [
    ['/clock', before.clock, after.clock],
    ['/windows/timeZone', zoneNamed(before.windows.timeZone), zoneNamed(after.windows.timeZone)],
  ];
  return frozen.flatMap(([pointer, was, is]) =>
    was === is ? [] : [{ pointer, message: `frozen since publication: ${was}` }],
  );
}
