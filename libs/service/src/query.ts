// Checks the query of a request against its route's declaration (see `Queries`).
import { fault, isStorable, type Fault } from '@vouchers/contracts';
import type { Maybe, Schema } from '@vouchers/contracts/schemas';
import { Ajv, type ValidateFunction } from 'ajv';
import { escape, faultOf } from './compiled.body.ts';
import { addFormats } from './formats.ts';
import { badRequest } from './problem.ts';

/** Parameters by name. Those without `maybe(…)` are required. */
export type QueryParameters = Record<string, Maybe | Schema>;

// A query has only texts, so numbers are parsed and a list may have one item.
const ajv = addFormats(new Ajv({ allErrors: true, coerceTypes: 'array', strict: true, allowUnionTypes: true }));

export const isMaybe = (parameter: Maybe | Schema): parameter is Maybe =>
  parameter instanceof Object && 'schema' in parameter;

export class QueryCheck {
  /** Whether a parameter is required. */
  readonly isNeeded: boolean;
  private readonly isList: ReadonlySet<string>;
  private readonly isWhole: ReadonlySet<string>;
  private readonly check: ValidateFunction;

  constructor(parameters: QueryParameters) {
    const schemas = Object.entries(parameters).map(([name, parameter]): [string, Schema] => {
      const { title: _, ...schema } = isMaybe(parameter) ? parameter.schema : parameter;
      return [name, schema];
    });
    const typed = (wanted: string): Set<string> =>
      new Set(schemas.filter(([, { type }]) => type === wanted).map(([name]) => name));
    this.isList = typed('array');
    this.isWhole = typed('integer');
    const required = Object.keys(parameters).filter((name) => !isMaybe(parameters[name]!));
    this.isNeeded = required.length > 0;
    this.check = ajv.compile({
      type: 'object',
      properties: Object.fromEntries(schemas),
      required,
      additionalProperties: false,
    });
  }

  /**
   * Checks the query without changing it.
   * @throws 400 with the parameters that are unknown, missing, repeated or not valid
   */
  judge(query: Record<string, string | string[]>, address: string): void {
    const texts = Object.entries(query).flatMap((entry) => this.textFaults(entry));
    const others = this.check({ ...query }) ? [] : (this.check.errors ?? []).map(asParameter);
    // Only the first fault of each parameter is reported, because the others follow from it.
    const first = new Map<string, Fault>();
    for (const fault of [...encodingFaults(address), ...texts, ...others])
      if (!first.has(fault.pointer)) first.set(fault.pointer, fault);
    if (first.size > 0) throw badRequest([...first.values()]);
  }

  private textFaults([name, value]: [string, string | string[]]): Fault[] {
    const pointer = `/${escape(name)}`.toWellFormed();
    if (Array.isArray(value) && !this.isList.has(name)) return [fault(pointer, 'once')];
    // Ajv would accept `1e2` and ` 7` as numbers, too.
    if (this.isWhole.has(name) && !/^\d{1,15}$/.test(String(value))) return [fault(pointer, 'whole', { least: 0 })];
    const storable = [name, value].flat().every(isStorable);
    return storable ? [] : [fault(pointer, 'not-storable')];
  }
}

function asParameter(error: Parameters<typeof faultOf>[0]): Fault {
  const found = faultOf(error);
  const isUnknown = error.keyword === 'additionalProperties';
  // The fault of an item names the list's parameter.
  const pointer = found.pointer.replace(/(?<=.)\/.*$/s, '');
  return { ...found, pointer, ...(isUnknown && { message: 'is not a known parameter' }) };
}

/** Finds bad percent-encoding. Fastify leaves such a text encoded, and the handler would search for the wrong text. */
function encodingFaults(address: string): Fault[] {
  const query = address.slice(address.indexOf('?') + 1);
  if (!query.includes('%')) return [];
  return query.split('&').flatMap((pair) => {
    try {
      decodeURIComponent(pair);
      return [];
    } catch {
      return [fault(`/${escape(pair.split('=', 1)[0]!)}`, 'percent-encoding')];
    }
  });
}
