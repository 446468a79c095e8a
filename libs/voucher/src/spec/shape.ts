// Small checks of JSON values, combined by `shapeOf`. Each reports its faults with a JSON pointer. Ajv is not used,
// because a body may have a million faults and its messages are hard to understand.
import { codePointsOf, isVisible, type Fault } from '@vouchers/contracts';

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

/** A value for which `holds` is true. `message` describes it in the fault. */
export function value(message: string, holds: (value: unknown) => boolean): Shape {
  return (given, pointer, faults) => {
    if (!holds(given)) faults.push({ pointer, message });
  };
}

/** A text of this length. Unit: characters (code points). */
export function text(most: number, least = 0): Shape {
  const message = least > 0 ? `text of ${least} to ${most} characters` : `text of at most ${most} characters`;
  return value(message, (given) => {
    if (typeof given !== 'string' || given.length > most * 2) return false;
    const length = codePointsOf(given);
    return length >= least && length <= most;
  });
}

/** A text for people. If `least` is 0, it may be empty, but it never consists of spaces alone. */
export function words(most: number, least = 0): Shape {
  const sized = text(most, least);
  const seen = value(
    'more than spaces and invisible characters',
    (given) => given === '' || isVisible(given as string),
  );
  return (given, pointer, faults) => {
    const before = faults.length;
    sized(given, pointer, faults);
    if (faults.length === before) seen(given, pointer, faults);
  };
}

export function matching(message: string, pattern: RegExp): Shape {
  return value(message, (given) => typeof given === 'string' && pattern.test(given));
}

/** A small map. Its names match `names`, and its values have the shape. */
export function map(shape: Shape, names: RegExp, most: number, what: string): Shape {
  return (given, pointer, faults) => {
    const all = isObject(given) ? Object.keys(given) : [];
    if (all.length > most) faults.push({ pointer, message: `at most ${most} ${what}` });
    else
      object(Object.fromEntries(all.filter((name) => names.test(name)).map((name) => [name, shape])))(
        given,
        pointer,
        faults,
      );
  };
}

export function whole(least: number): Shape {
  return value(`a whole number from ${least}`, (given) => Number.isSafeInteger(given) && (given as number) >= least);
}

export function oneOf(...values: string[]): Shape {
  return value(`one of ${values.join(', ')}`, (given) => typeof given === 'string' && values.includes(given));
}

export function orNull(shape: Shape): Shape {
  return (given, pointer, faults) => {
    if (given !== null) shape(given, pointer, faults);
  };
}

export function list(shape: Shape, most: number, least = 0): Shape {
  const message = least > 0 ? `a list of ${least} to ${most}` : `a list of at most ${most}`;
  return (given, pointer, faults) => {
    if (!Array.isArray(given) || given.length > most || given.length < least) {
      faults.push({ pointer, message });
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
      faults.push({ pointer, message: 'an object' });
      return;
    }
    for (const field of required) {
      if (own(given, field) === undefined) faults.push({ pointer: pointerTo(pointer, field), message: 'is required' });
    }
    for (const field of Object.keys(given)) {
      if (faults.length >= MOST_FAULTS) return;
      const shape = Object.hasOwn(fields, field) ? fields[field] : undefined;
      if (shape === undefined) faults.push({ pointer: pointerTo(pointer, field), message: 'is unknown' });
      else if (given[field] !== undefined) shape(given[field], pointerTo(pointer, field), faults);
    }
  };
}

/** An object of one of several shapes. Its field `type` says which. */
export function variant(variants: Record<string, Shape>): Shape {
  const type = oneOf(...Object.keys(variants));
  return (given, pointer, faults) => {
    if (!isObject(given)) {
      faults.push({ pointer, message: 'an object' });
      return;
    }
    const named = own(given, 'type');
    if (typeof named === 'string' && Object.hasOwn(variants, named)) variants[named]!(given, pointer, faults);
    else type(named, pointerTo(pointer, 'type'), faults);
  };
}
