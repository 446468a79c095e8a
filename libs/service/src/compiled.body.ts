// Checks bodies by schemas that are compiled once. It does not use Nest, because threads use it.
import { TIME_WANTED, type Fault, type FaultCode, type FaultParameters } from '@vouchers/contracts';
import { asJudged, type Schema } from '@vouchers/contracts/schemas';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { addFormats } from './formats.ts';
import { badRequest } from './problem.ts';

/** Escapes a token of a JSON pointer (RFC 6901). */
export const escape = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

const OPTIONS = { strict: true, allowUnionTypes: true };
const bodies = addFormats(new Ajv({ ...OPTIONS, allErrors: true }));
const records = addFormats(new Ajv(OPTIONS));
/** The most faults that are reported. */
const MOST_FAULTS = 100;
const FORMAT_CODES: Record<string, FaultCode> = { 'date-time': 'time', uuid: 'uuid', words: 'not-blank' };
const FORMATS_WANTED: Record<string, string> = { 'date-time': TIME_WANTED, uuid: 'must be a UUID' };

/**
 * The check of a body, compiled once: `@TakesBody(new CompiledBody(SCHEMA))`. A missing body and `null` count as `{}`.
 * Pass `documented` if documents show another schema, because a later check with better messages covers the rest.
 */
export class CompiledBody<T = unknown> {
  readonly documented: Schema;
  private readonly check: ValidateFunction<T>;

  constructor(schema: Schema<T>, documented: Schema = schema) {
    this.documented = documented;
    this.check = bodies.compile<T>(asJudged(schema));
  }

  /** @throws 400 with all faults, at most 100 */
  transform(body: unknown): T {
    const value = body ?? {};
    if (this.check(value)) return value;
    throw badRequest((this.check.errors ?? []).slice(0, MOST_FAULTS).map(faultOf));
  }
}

/**
 * A check of records that another service wrote. It is compiled once.
 * @returns undefined, or the name of the first field that is missing or malformed, such as `order.items.0.sku`
 */
export function recordCheck(schema: Schema): (value: unknown) => string | undefined {
  const check = records.compile(asJudged(schema));
  return (value) => (check(value) ? undefined : faultOf(check.errors![0]!).pointer.slice(1).replaceAll('/', '.'));
}

export function faultOf({ instancePath, keyword, params, message }: ErrorObject): Fault {
  const fieldAt = (field: string): string => `${instancePath}/${escape(String(params[field]))}`;
  if (keyword === 'required') return { pointer: fieldAt('missingProperty'), message: 'is missing', code: 'required' };
  if (keyword === 'additionalProperties')
    return { pointer: fieldAt('additionalProperty'), message: 'is not a known field', code: 'unknown' };
  const wanted = keyword === 'format' ? FORMATS_WANTED[String(params['format'])] : undefined;
  return { pointer: instancePath, message: wanted ?? message ?? 'is not valid', ...codeOf(keyword, params) };
}

/** The code and parameters that clients word in the reader's language. */
function codeOf(keyword: string, params: Record<string, unknown>): { code: FaultCode; params?: FaultParameters } {
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'minLength':
      return { code: 'text-least', params: { least: limit } };
    case 'maxLength':
      return { code: 'text-most', params: { most: limit } };
    case 'minItems':
      return { code: 'list-least', params: { least: limit } };
    case 'maxItems':
      return { code: 'list-most', params: { most: limit } };
    case 'minimum':
      return { code: 'least', params: { least: limit } };
    case 'maximum':
      return { code: 'most', params: { most: limit } };
    case 'enum':
      return { code: 'one-of', params: { values: [params['allowedValues']].flat().join(', ') } };
    case 'type':
      return { code: 'type', params: { types: [params['type']].flat().join(', ') } };
    case 'format':
      return { code: FORMAT_CODES[String(params['format'])] ?? 'invalid' };
    default:
      return { code: 'invalid' };
  }
}
