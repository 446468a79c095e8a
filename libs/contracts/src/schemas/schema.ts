// The words in which the contract's nouns are described: plain JSON Schema (2020-12), checked against their types.

/** A JSON Schema. One with a `title` is a noun of its own: documents show it once, under that name. */
export interface Schema {
  readonly title?: string;
  readonly [keyword: string]: unknown;
}

/** A field that may be absent. */
export class Maybe {
  readonly schema: Schema;
  constructor(schema: Schema) {
    this.schema = schema;
  }
}
export const maybe = (schema: Schema): Maybe => new Maybe(schema);

/** Each field of a type: wrapped in `maybe` where, and only where, the type has it optional. */
export type Fields<T> = { [K in keyof T]-?: object extends Pick<T, K> ? Maybe : Schema };

/** The object that `T` is. Readers ignore fields that they do not know: what may be sent is `closed`. */
export function record<T extends object>(fields: Fields<T>): Schema {
  const entries = Object.entries<Maybe | Schema>(fields);
  const required = entries.filter(([, field]) => !(field instanceof Maybe)).map(([name]) => name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      entries.map(([name, field]) => [name, field instanceof Maybe ? field.schema : field]),
    ),
  };
}

export const named = (title: string, schema: Schema, description?: string): Schema => ({
  title,
  ...(description && { description }),
  ...schema,
});

/** The same fields, none of them needed. */
export const partial = ({ required: _, ...schema }: Schema): Schema => schema;

/** What may be sent: nothing beyond the fields named, at any depth. Its parts are no nouns of their own any more. */
export const closed = (schema: Schema): Schema =>
  transformed(schema, ({ title: _, ...part }) =>
    'properties' in part && !('additionalProperties' in part) ? { ...part, additionalProperties: false } : part,
  );

/** A schema with every part, itself last, replaced by what `change` makes of it. */
export function transformed(schema: Schema, change: (part: Schema) => Schema): Schema {
  const within = (part: unknown): unknown => transformed(part as Schema, change);
  const parts = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (keyword === 'properties' || keyword === '$defs')
      return [keyword, Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, within(part)]))];
    if (Array.isArray(value) && /^(one|any|all)Of$/.test(keyword)) return [keyword, value.map(within)];
    if (typeof value === 'object' && /^(items|additionalProperties)$/.test(keyword)) return [keyword, within(value)];
    return [keyword, value];
  });
  return change(Object.fromEntries(parts));
}

export const text = (maxLength?: number): Schema => ({ type: 'string', ...(maxLength !== undefined && { maxLength }) });
export const choice = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const whole = (minimum: number, maximum?: number): Schema => ({
  type: 'integer',
  minimum,
  ...(maximum !== undefined && { maximum }),
});
export const arrayOf = (items: Schema, maxItems?: number): Schema => ({
  type: 'array',
  ...(maxItems !== undefined && { maxItems }),
  items,
});
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
export const anyOf = (...schemas: Schema[]): Schema => ({ anyOf: schemas });
export const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'] });

export const FLAG: Schema = { type: 'boolean' };
export const ID: Schema = { type: 'string', format: 'uuid' };
/** RFC 3339; answered in UTC. */
export const TIME: Schema = { type: 'string', format: 'date-time' };
export const SLUG: Schema = { type: 'string', pattern: '^[a-z0-9-]{1,80}$' };
export const COUNT: Schema = whole(0);

/** One page of a list. `next`: the `after` of the next page, null at the end. */
export const listOf = (items: Schema): Schema => ({
  type: 'object',
  required: ['items', 'next'],
  properties: { items: arrayOf(items), next: { type: ['string', 'null'] } },
});

/** Parked vouchers. The service does not know their state until an operator has retried them. */
export const UNAVAILABLE: Schema = {
  ...arrayOf(ID, 1_000),
  description: 'vouchers that are parked, and left out; absent where there are none',
};

/** The schema of a list that may leave out parked vouchers. */
export const maybeWithout = ({ properties, ...list }: Schema): Schema => ({
  ...list,
  properties: { ...(properties as object), unavailable: UNAVAILABLE },
});

/** All there are. */
export const itemsOf = (items: Schema): Schema => ({
  type: 'object',
  required: ['items'],
  properties: { items: arrayOf(items) },
});
