// The query parameters of the ledger's routes. They are checked by each route's declaration before its handler runs.
export type Query = Record<string, string | undefined>;

/** A parameter as a whole number from 0. Undefined if it is absent. */
export const numberOf = (query: Query, name: string): number | undefined =>
  query[name] === undefined ? undefined : Number(query[name]);
