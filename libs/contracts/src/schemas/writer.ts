// Writes objects as JSON by code that is generated once from their schema. It is faster than JSON.stringify if an
// object is made only to be written and shares many values with the object before.
import type { Schema } from './schema.ts';

/** Writes a field's value as JSON. */
export type FieldWriter = (value: never) => string;

/** A writer that remembers the last value. Use it for immutable values that mostly repeat. */
export function remembered(write: (value: unknown) => string = JSON.stringify): (value: unknown) => string {
  let last: unknown;
  let text = 'null';
  return (value) => {
    if (value !== last) [last, text] = [value, write(value)];
    return text;
  };
}

/** A writer that writes each object once and remembers its text. Use it for immutable objects. */
export function writtenOnce(): (value: object) => string {
  const texts = new WeakMap<object, string>();
  return (value) => {
    let text = texts.get(value);
    if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
    return text;
  };
}

/**
 * Returns a function that writes the schema's fields of an object as JSON. Times and choices are not escaped, because
 * programs make them. `fields` has other writers for single fields.
 */
export function writerOf<T>(schema: Schema<T>, fields: { [K in keyof T]?: FieldWriter } = {}): (value: T) => string {
  const own = Object.values<unknown>(fields);
  const functions: string[] = [];
  const main = writeObject(schema, functions, Object.keys(fields));
  const names = own.map((_, index) => `own${index}`);
  return new Function(...names, `${functions.join('\n')}\nreturn ${main};`)(...own) as (value: T) => string;
}

/** Adds a function that writes the object. @returns its name */
function writeObject({ properties, required = [] }: Schema, functions: string[], own: string[] = []): string {
  const needed = new Set(required as string[]);
  const [first] = Object.keys(properties as object);
  if (!needed.has(first!)) throw new Error(`${first} comes first, so it must not be absent: it has no comma before it`);
  const place = functions.push('') - 1;
  const name = `write${place}`;
  // The text between two values of needed fields is one constant, because each part that is added takes time.
  let steps = '';
  let between = '{';
  for (const [index, [field, part]] of Object.entries(properties as Record<string, Schema>).entries()) {
    const at = `value[${JSON.stringify(field)}]`;
    const before = `${index > 0 ? ',' : ''}${JSON.stringify(field)}:`;
    const { open, shown, close } = own.includes(field)
      ? { open: '', shown: `own${own.indexOf(field)}(${at})`, close: '' }
      : valueOf(part, at, functions);
    if (needed.has(field)) {
      steps += ` text += ${quoted(between + before + open)}; text += ${shown};`;
      between = close;
      continue;
    }
    if (between) steps += ` text += ${quoted(between)};`;
    between = '';
    steps += ` if (${at} !== undefined) text += ${quoted(before + open)} + ${shown} + ${quoted(close)};`;
  }
  functions[place] = `function ${name}(value) { let text = ''; ${steps} return text + ${quoted(`${between}}`)}; }`;
  return name;
}

/** A value as code, with the constant text on both sides of it. */
function valueOf(part: Schema, at: string, functions: string[]): { open: string; shown: string; close: string } {
  if ('enum' in part || 'const' in part || part['format'] === 'date-time') return { open: '"', shown: at, close: '"' };
  if (part['type'] === 'integer' || part['type'] === 'boolean') return { open: '', shown: at, close: '' };
  if (part['type'] === 'object' && 'properties' in part)
    return { open: '', shown: `${writeObject(part, functions)}(${at})`, close: '' };
  return { open: '', shown: `JSON.stringify(${at})`, close: '' };
}

const quoted = (text: string): string => JSON.stringify(text);
