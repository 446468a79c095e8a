// Queries of the ledger's addresses: checked by what their routes declare, before a handler sees them.
import { parseTime } from '@vouchers/service';

export type Query = Record<string, string | undefined>;

/** A time, or undefined where there is none. */
export const timeOf = (query: Query, name: string): Date | undefined => parseTime(query[name]);

/** A whole number from 0, or undefined where there is none. */
export const numberOf = (query: Query, name: string): number | undefined =>
  query[name] === undefined ? undefined : Number(query[name]);
