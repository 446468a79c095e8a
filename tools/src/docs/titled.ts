import type { Schema } from '@vouchers/contracts/schemas';

/** Keywords of schemas of which generators make a type. */
const TYPED = ['enum', 'const', 'properties', 'additionalProperties', 'anyOf', 'oneOf', 'allOf', 'items'];
const VARIANTS = ['anyOf', 'oneOf', 'allOf'] as const;

/** Gives a title to the schema, and to each part of which a generator makes a type: after its place, as `ClaimState`. */
export function titled({ $ref, ...schema }: Schema, name: string): Schema {
  if ($ref !== undefined) return { $ref, ...schema };
  const parts: Record<string, unknown> = {};
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  if (properties.length > 0)
    parts['properties'] = Object.fromEntries(
      properties.map(([key, part]) => [key, titledPart(part, name + pascal(key))]),
    );
  for (const [keyword, ending] of [
    ['items', 'Item'],
    ['additionalProperties', 'Value'],
  ] as const)
    if (typeof schema[keyword] === 'object') parts[keyword] = titledPart(schema[keyword] as Schema, name + ending);
  for (const keyword of VARIANTS)
    if (keyword in schema)
      parts[keyword] = (schema[keyword] as Schema[]).map((part, index) => titledPart(part, `${name}${index + 1}`));
  return { title: name, ...schema, ...parts };
}

function titledPart(part: Schema, name: string): Schema {
  const isTyped = TYPED.some((keyword) => keyword in part) || Array.isArray(part['type']) || part['type'] === 'object';
  return isTyped ? titled(part, name) : part;
}

/** `voucher.claimed.v1` as `VoucherClaimedV1`. */
export const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
