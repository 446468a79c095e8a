// Small checks of JSON values, combined by `shapeOf`. Each reports its faults with a JSON pointer. Ajv is not used,
// because a body may have a million faults and its messages are hard to understand.
import { codePointsOf, fault, isVisible, type Fault, type FaultCode, type FaultParameters } from '@vouchers/contracts';

export type Shape = (value: unknown, pointer: string, faults: Fault[]) => void;

/** The most faults that are reported. */
export const MOST_FAULTS = 100;

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of an object's own field, never of its prototype. */
export function own(object: Fields, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** A JSON pointer (RFC 6901) to a field. */
export function pointerTo(pointer: string, field: string | number): string {
  return `${pointer}/${String(field).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A value for which `holds` is true. `code` and `params` describe it in the fault. */
export function value(code: FaultCode, holds: (value: unknown) => boolean, params?: FaultParameters): Shape {
  return (given, pointer, faults) => {
    if (!holds(given)) faults.push(fault(pointer, code, params));
  };
}

/** A text of this length. Unit: characters (code points). */
export function text(most: number, least = 0): Shape {
  const isSized = (given: unknown): boolean => {
    if (typeof given !== 'string' || given.length > most * 2) return false;
    const length = codePointsOf(given);
    return length >= least && length <= most;
  };
  return least > 0 ? value('text-length', isSized, { least, most }) : value('text-most', isSized, { most });
}

/** A text for people. If `least` is 0, it may be empty, but it never consists of spaces alone. */
export function words(most: number, least = 0): Shape {
  const sized = text(most, least);
  const seen = value('not-blank', (given) => given === '' || isVisible(given as string));
  return (given, pointer, faults) => {
    const before = faults.length;
    sized(given, pointer, faults);
    if (faults.length === before) seen(given, pointer, faults);
  };
}

export function matching(code: FaultCode, pattern: RegExp): Shape {
  return value(code, (given) => typeof given === 'string' && pattern.test(given));
}

/** A small map. Its names match `names`, and its values have the shape. */
export function labelMap(shape: Shape, names: RegExp, most: number): Shape {
  return (given, pointer, faults) => {
    const all = isObject(given) ? Object.keys(given) : [];
    if (all.length > most) faults.push(fault(pointer, 'labels-most', { most }));
    else
      object(Object.fromEntries(all.filter((name) => names.test(name)).map((name) => [name, shape])))(
        given,
        pointer,
        faults,
      );
  };
}

export function whole(least: number, most?: number): Shape {
  const holds = (given: unknown): boolean =>
    Number.isSafeInteger(given) && (given as number) >= least && (given as number) <= (most ?? Infinity);
  return most === undefined ? value('whole', holds, { least }) : value('whole-between', holds, { least, most });
}

export function oneOf(...values: string[]): Shape {
  const holds = (given: unknown): boolean => typeof given === 'string' && values.includes(given);
  return value('one-of', holds, { values: values.join(', ') });
}

export function orNull(shape: Shape): Shape {
  return (given, pointer, faults) => {
    if (given !== null) shape(given, pointer, faults);
  };
}

export function list(shape: Shape, most: number, least = 0): Shape {
  return (given, pointer, faults) => {
    if (!Array.isArray(given) || given.length > most || given.length < least) {
      faults.push(least > 0 ? fault(pointer, 'list-length', { least, most }) : fault(pointer, 'list-most', { most }));
      return;
    }
    for (const [index, one] of given.entries()) {
      if (faults.length >= MOST_FAULTS) return;
      shape(one, pointerTo(pointer, index), faults);
    }
  };
}

/** An object with these fields and no others. A field that is `undefined` counts as absent. */
export function object(fields: Record<string, Shape>, required: readonly string[] = []): Shape {
  return (given, pointer, faults) => {
    if (!isObject(given)) {
      faults.push(fault(pointer, 'object'));
      return;
    }
    for (const field of required) {
      if (own(given, field) === undefined) faults.push(fault(pointerTo(pointer, field), 'required'));
    }
    for (const field of Object.keys(given)) {
      if (faults.length >= MOST_FAULTS) return;
      const shape = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (shape === undefined) faults.push(fault(pointerTo(pointer, field), 'unknown'));
      else if (given[field] !== undefined) shape(given[field], pointerTo(pointer, field), faults);
    }
  };
}

/** An object of one of several shapes. Its field `type` says which. */
export function variant(variants: Record<string, Shape>): Shape {
  const type = oneOf(...Object.keys(variants));
  return (given, pointer, faults) => {
    if (!isObject(given)) {
      faults.push(fault(pointer, 'object'));
      return;
    }
    const named = own(given, 'type');
    if (typeof named === 'string' && Object.hasOwn(variants, named)) variants[named]!(given, pointer, faults);
    else type(named, pointerTo(pointer, 'type'), faults);
  };
}
