import type { List } from '@vouchers/contracts';
import { badRequest } from './problem.ts';

/** One page of a list: `limit` 1–200 (default 50), `after` the last page's cursor, decoded. */
export interface Paging {
  limit: number;
  /** What the list's own `cursorOf` gave for the last item shown. */
  after?: string[];
}

const encode = (parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

function decode(cursor: string, length: number): string[] {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === 'string'))
      return parts;
  } catch {
    // Not one of ours: refused below.
  }
  throw badRequest([{ pointer: '/after', message: 'is no cursor of this list' }]);
}

/** Reads `limit` and `after` of a query; 400 where they break the contract. `cursorLength`: parts of this list's cursors. */
export function paging(query: { limit?: unknown; after?: unknown }, cursorLength = 1): Paging {
  const { limit = '50', after } = query;
  if (typeof limit !== 'string' || !/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 200) {
    throw badRequest([{ pointer: '/limit', message: 'must be a whole number from 1 to 200' }]);
  }
  if (after === undefined) return { limit: Number(limit) };
  if (typeof after !== 'string') throw badRequest([{ pointer: '/after', message: 'must be given once' }]);
  return { limit: Number(limit), after: decode(after, cursorLength) };
}

/** A page from up to `limit + 1` rows: the one too many says that there is a next page. */
export function pageOf<Row, Item>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => string[],
  show: (row: Row) => Item,
): List<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(show), next: rows.length > limit && last !== undefined ? encode(cursorOf(last)) : null };
}
