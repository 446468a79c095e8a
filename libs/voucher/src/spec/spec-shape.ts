// The shape of a spec that a caller sends, made from the contract's schema.
import { fault } from '@vouchers/contracts';
import { asJudged, VOUCHER_SPEC_INPUT, type Schema } from '@vouchers/contracts/schemas';
import { labelMap, list, object, oneOf, orNull, type Shape, text, value, variant, whole, words } from './shape.ts';
import { currency, group, groups, hoursFrom, hoursTo, length, teams, time, url, zone } from './texts.ts';

/** The name of an attribute. `user.id` is no attribute, because every event has it. */
const attribute =
  (name: Shape): Shape =>
  (given, pointer, faults) => {
    if (given === 'id') faults.push(fault(pointer, 'attribute-id'));
    else name(given, pointer, faults);
  };

/** The keywords that a spec's schema has. */
interface Part extends Schema {
  type?: string | readonly string[];
  enum?: readonly string[];
  format?: string;
  items?: Part;
  oneOf?: readonly Part[];
  properties?: Record<string, Part>;
  required?: readonly string[];
  additionalProperties?: Part | false;
  propertyNames?: { pattern: string };
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

const FORMATS: Record<string, (part: Part) => Shape> = {
  'date-time': () => time,
  duration: () => length,
  'time-zone': () => zone,
  'clock-time': () => hoursFrom,
  'clock-time-or-midnight': () => hoursTo,
  currency: () => currency,
  'https-url': () => url,
  // specFaults parses the conditions later.
  condition: () => value('condition', (given) => typeof given === 'string'),
  words: ({ maxLength, minLength }) => words(maxLength!, minLength),
  teams: () => teams,
  group: () => group,
  groups: () => groups,
  attribute: ({ maxLength, minLength }) => attribute(words(maxLength!, minLength)),
};

/** @throws Error for a schema that has no check here */
function shapeOf(part: Part): Shape {
  const { type, format } = part;
  if (part.oneOf) return variant(Object.fromEntries(part.oneOf.flatMap(variantsOf)));
  if (format !== undefined && FORMATS[format]) return FORMATS[format](part);
  if (part.enum) return oneOf(...part.enum);
  if (Array.isArray(type)) return orNull(shapeOf({ ...part, type: (type as string[])[0] }));
  if (type === 'string') return text(part.maxLength!, part.minLength);
  if (type === 'integer') return whole(part.minimum!, part.maximum);
  if (type === 'number') return within(part.exclusiveMinimum!, part.maximum!);
  if (type === 'array') return list(shapeOf(part.items!), part.maxItems!, part.minItems);
  if (part.properties) return object(fieldsOf(part.properties), part.required);
  if (part.additionalProperties && part.propertyNames)
    return labelMap(shapeOf(part.additionalProperties), new RegExp(part.propertyNames.pattern), part.maxProperties!);
  throw new Error(`no check for ${JSON.stringify(part)}`);
}

const fieldsOf = (properties: Record<string, Part>): Record<string, Shape> =>
  Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, shapeOf(part)]));

/** One shape per possible `type`. */
function variantsOf({ properties = {}, required = [] }: Part): [string, Shape][] {
  const shape = object(fieldsOf(properties), required);
  return properties['type']!.enum!.map((name) => [name, shape]);
}

const within = (above: number, most: number): Shape =>
  value('between', (given) => typeof given === 'number' && given > above && given <= most, { above, most });

export const specShape = shapeOf(asJudged(VOUCHER_SPEC_INPUT) as Part);
