// Functions that make the contract's schemas. Each returns plain JSON Schema (2020-12), from which TypeScript infers
// the type of the values.
import { PAGE_SLUG } from '../identifiers.ts';

declare const TYPE: unique symbol;
const JUDGED = Symbol('judged');

/** A JSON Schema. A schema with a `title` is a named component: documents show it once, under that name. */
export interface Schema<T = unknown> {
  readonly title?: string;
  /** The type of the values. Only the compiler uses it. */
  readonly [TYPE]?: T;
  /** Keywords that validators use and documents leave out. */
  readonly [JUDGED]?: Schema;
  readonly [keyword: string]: unknown;
}

/** The type of the values that a schema describes. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** A field that may be absent. */
export class Maybe<T = unknown> {
  readonly schema: Schema<T>;
  constructor(schema: Schema<T>) {
    this.schema = schema;
  }
}
export const maybe = <T>(schema: Schema<T>): Maybe<T> => new Maybe(schema);

type Fields = Record<string, Maybe | Schema>;
type RecordOf<F extends Fields> = Flat<
  { -readonly [K in keyof F as F[K] extends Maybe ? never : K]: TypeOf<F[K]> } & {
    -readonly [K in keyof F as F[K] extends Maybe ? K : never]?: F[K] extends Maybe<infer T> ? T : never;
  }
>;
type Flat<T> = { [K in keyof T]: T[K] };

/** An object with these fields. Readers ignore unknown fields. Use `closed` for a body that callers send. */
export function record<F extends Fields>(fields: F): Schema<RecordOf<F>> {
  const entries = Object.entries(fields);
  const required = entries.filter(([, field]) => !(field instanceof Maybe)).map(([name]) => name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      entries.map(([name, field]) => [name, field instanceof Maybe ? field.schema : field]),
    ),
  };
}

export const named = <T>(title: string, schema: Schema<T>, description?: string): Schema<T> => ({
  title,
  ...(description && { description }),
  ...schema,
});

const LENGTHS = new Set(['minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'propertyNames']);
const READ_FORMATS: Record<string, string> = { 'date-time': 'readable-time', uuid: 'uuid', 'own-id': 'own-id' };

/**
 * The schema that readers use for records of other services. It accepts the records of all releases: it requires
 * fields, types, choices, ids and times, but no lengths and no formats of other texts.
 */
export const asRead = <T>(schema: Schema<T>): Schema<T> =>
  transformed(asJudged(schema), ({ format, ...part }) => ({
    ...Object.fromEntries(Object.entries(part).filter(([keyword]) => !LENGTHS.has(keyword))),
    ...(typeof format === 'string' && format in READ_FORMATS && { format: READ_FORMATS[format] }),
  }));

/** The same object with replaced or additional fields. */
export function withFields<T, F extends Fields>(schema: Schema<T>, fields: F): Schema<Omit<T, keyof F> & RecordOf<F>> {
  const { properties } = schema;
  const added = record(fields);
  const needed = (of: Schema): string[] => (of['required'] ?? []) as string[];
  const names = new Set([...needed(schema).filter((name) => !(name in fields)), ...needed(added)]);
  return {
    ...(schema as object),
    ...(names.size > 0 && { required: [...names] }),
    properties: { ...(properties as object), ...(added['properties'] as object) },
  };
}

/** The same object without these fields. */
export function without<T, K extends keyof T & string>(schema: Schema<T>, names: readonly K[]): Schema<Omit<T, K>> {
  const isKept = (name: string): boolean => !(names as readonly string[]).includes(name);
  const { properties, required = [] } = schema;
  return {
    ...(schema as object),
    required: (required as string[]).filter(isKept),
    properties: Object.fromEntries(Object.entries(properties as object).filter(([name]) => isKept(name))),
  };
}

/** The same fields, all of them optional. */
export const partial = <T>({ required: _, title: __, ...schema }: Schema<T>): Schema<Partial<T>> =>
  schema as Schema<Partial<T>>;

/** The same object without additional fields. */
export const exact = <T>(schema: Schema<T>): Schema<T> => ({ ...schema, additionalProperties: false });

/** The same schema without unknown fields at any depth. Its parts lose their titles. */
export const closed = <T>(schema: Schema<T>): Schema<T> =>
  transformed(schema, ({ title: _, ...part }) =>
    'properties' in part && !('additionalProperties' in part) ? exact(part) : part,
  );

/**
 * The schema of a body that callers send. Validators refuse unknown fields at any depth. Documents refer to its named
 * parts, so a generated client has one type for what it sends and reads.
 */
export const bodyOf = <T>({ title: _, ...schema }: Schema<T>): Schema<T> => judged(exact(schema), closed(schema));

/**
 * Moves each part with a title to `components`, and refers to it as `at` + title.
 * @throws Error if two different schemas have the same title
 */
export const referring = (schema: Schema, components: Record<string, Schema>, at: string): Schema =>
  transformed(schema, (part) => {
    const { title } = part;
    if (title === undefined) return part;
    if (JSON.stringify((components[title] ??= part)) !== JSON.stringify(part))
      throw new Error(`two schemas are called ${title}`);
    return { $ref: `${at}${title}` };
  });

/** Replaces each part of a schema by the result of `change`, the schema itself last. */
export function transformed<T>(schema: Schema<T>, change: (part: Schema) => Schema): Schema<T> {
  const within = (part: unknown): unknown => transformed(part as Schema, change);
  const parts = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (keyword === 'properties' || keyword === '$defs')
      return [keyword, Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, within(part)]))];
    if (Array.isArray(value) && /^(one|any|all)Of$/.test(keyword)) return [keyword, value.map(within)];
    if (typeof value === 'object' && /^(items|additionalProperties)$/.test(keyword)) return [keyword, within(value)];
    return [keyword, value];
  });
  return change({ ...schema, ...Object.fromEntries(parts) }) as Schema<T>;
}

/**
 * Documents show the schema. Validators also require `more`: callers do not need to read it, or it was not documented
 * when v1 was published.
 */
export const judged = <T>(schema: Schema<T>, more: Schema<T>): Schema<T> => ({ ...schema, [JUDGED]: more });

/** The schema that validators use. */
export const asJudged = <T>(schema: Schema<T>): Schema<T> =>
  transformed(schema, ({ [JUDGED]: more, ...part }) => ({ ...part, ...(more && asJudged(more)) }));

/** A text. Its length counts characters (code points). */
export const text = (maxLength?: number, minLength?: number): Schema<string> => ({
  type: 'string',
  ...(minLength !== undefined && { minLength }),
  ...(maxLength !== undefined && { maxLength }),
});
export const choice = <const V extends readonly string[]>(...values: V): Schema<V[number]> => ({
  type: 'string',
  enum: values,
});
export const constant = <const T>(value: T): Schema<T> => ({ const: value });
export const whole = (minimum: number, maximum?: number): Schema<number> => ({
  type: 'integer',
  minimum,
  ...(maximum !== undefined && { maximum }),
});
export const arrayOf = <T>(items: Schema<T>, maxItems?: number): Schema<T[]> => ({
  type: 'array',
  ...(maxItems !== undefined && { maxItems }),
  items,
});
export const mapOf = <T>(values: Schema<T>): Schema<Record<string, T>> => ({
  type: 'object',
  additionalProperties: values,
});
export const anyOf = <S extends Schema[]>(...schemas: S): Schema<TypeOf<S[number]>> => ({ anyOf: schemas });
export const oneOf = <S extends Schema[]>(...schemas: S): Schema<TypeOf<S[number]>> => ({ oneOf: schemas });
export const orNull = <T>(schema: Schema<T>): Schema<T | null> => ({
  ...(schema as Schema<T | null>),
  type: [schema['type'], 'null'],
});

export const NUMBER: Schema<number> = { type: 'number' };
export const FLAG: Schema<boolean> = { type: 'boolean' };
export const ID: Schema<string> = { type: 'string', format: 'uuid' };
/** Services write ids in lower case, and the ledger compares them as texts. */
export const OWN_ID = judged(ID, { format: 'own-id' });
/** A version. Postgres stores it as an int, and the largest int means a deletion. */
export const VERSION = judged(whole(1), whole(1, 2_147_483_646));
/** An RFC 3339 time. Answers have it in UTC. */
export const TIME: Schema<string> = { type: 'string', format: 'date-time' };
/** Beside the id of somebody who acted. */
export const ACTORS_NAME = { ...text(), description: 'the name that the issuer told then, to show instead of the id' };
export const SLUG: Schema<string> = { type: 'string', pattern: PAGE_SLUG.source };
export const COUNT = whole(0);

/** One page of a list. `next` is the `after` of the next page, or null at the end. */
export interface List<T> {
  items: T[];
  next: string | null;
}
export const listOf = <T>(items: Schema<T>): Schema<List<T>> => ({
  title: `${items.title}List`,
  type: 'object',
  required: ['items', 'next'],
  properties: { items: arrayOf(items), next: { type: ['string', 'null'] } },
});

/** Parked vouchers. The service does not know their state until an operator retries them. */
export const UNAVAILABLE: Schema<string[]> = {
  ...arrayOf(ID, 1_000),
  description: 'vouchers that are parked, and left out; absent where there are none',
};

/** The schema of a list that may leave out parked vouchers. */
export const maybeWithout = (list: Schema): Schema => withFields(list, { unavailable: maybe(UNAVAILABLE) });

/** A list that is never split into pages. */
export const itemsOf = <T>(items: Schema<T>): Schema<{ items: T[] }> =>
  named(`${items.title}Items`, record({ items: arrayOf(items) }));
