// Query parameters of the ledger's routes. They are checked against each route's declaration before its handler runs.
export type Query = Record<string, string | undefined>;

/** The parameter as a whole number from 0; undefined if it is absent. */
export const numberOf = (query: Query, name: string): number | undefined =>
  query[name] === undefined ? undefined : Number(query[name]);
