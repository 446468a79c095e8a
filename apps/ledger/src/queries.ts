// What the ledger's addresses may carry behind the question mark.
import { badRequest, parseTime } from '@vouchers/service';

export type Query = Record<string, unknown>;

/** @throws 400 where a parameter is there that the call does not know, or is given twice. */
export function checkQuery(query: Query, known: readonly string[]): void {
  const faults = Object.entries(query).flatMap(([name, value]) => {
    if (!known.includes(name)) return [{ pointer: `/${name}`, message: 'is not a known parameter' }];
    return typeof value === 'string' ? [] : [{ pointer: `/${name}`, message: 'must be given once' }];
  });
  if (faults.length > 0) throw badRequest(faults);
}

/** A time, or undefined where there is none. @throws 400 */
export function timeOf(query: Query, name: string): Date | undefined {
  if (query[name] === undefined) return undefined;
  const time = parseTime(query[name]);
  if (!time) throw badRequest([{ pointer: `/${name}`, message: 'must be an RFC 3339 time with an offset' }]);
  return time;
}

/** One of the given words. @throws 400 */
export function wordOf<W extends string>(query: Query, name: string, words: readonly W[]): W | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (!word) throw badRequest([{ pointer: `/${name}`, message: `must be one of ${words.join(', ')}` }]);
  return word;
}

/** A whole number from 0. @throws 400 */
export function numberOf(query: Query, name: string): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
    throw badRequest([{ pointer: `/${name}`, message: 'must be a whole number from 0' }]);
  }
  return Number(value);
}
