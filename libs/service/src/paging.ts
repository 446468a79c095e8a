import { fault, isStorable, type List } from '@vouchers/contracts';
import { badRequest } from './problem.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** The page of a list that a caller wants. `limit` is 1 to 200 (default 50). */
export interface Paging {
  limit: number;
  /** The decoded cursor: the list's `cursorOf` made it for the last item of the page before. */
  after?: string[];
}

const encode = (parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

const isText = (part: unknown): part is string => typeof part === 'string' && isStorable(part);

function decode(cursor: string, length: number): string[] {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(parts) && parts.length === length && parts.every(isText)) return parts;
  } catch {
    // The cursor is not valid. It is refused below.
  }
  throw badRequest([fault('/after', 'cursor')]);
}

/**
 * Reads the page from a query that was checked by `PAGING`. @throws 400 if `after` is no cursor of `cursorLength` parts
 */
export function paging({ limit, after }: { limit?: unknown; after?: unknown }, cursorLength = 1): Paging {
  return {
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    ...(after !== undefined && { after: decode(after as string, cursorLength) }),
  };
}

/** A page of up to `limit + 1` rows. The additional row only shows that there is a next page. */
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
