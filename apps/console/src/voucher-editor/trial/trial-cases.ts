// The cases of the test grid: example users × times. The platform judges them as if the spec were published.
import type { Node, VoucherSpec } from '@vouchers/contracts';
import type { UserAttribute } from '../../api/answers.ts';
import type { DryRunCase } from '../../api/answers.ts';

/** A user for the test of a rule. */
export interface ExampleUser {
  id: string;
  attributes: Record<string, unknown>;
}
/** The order and the claim for the test of a use rule. */
export interface ExampleUse {
  amount: number;
  currency: string;
  skus: string[];
  uses: number;
}

export const MOST_CASES = 100;
const MOST_TIMES = 10;

/** One user per known value of the first attribute with a choice, and one user without attributes. */
export function firstUsers(attributes: readonly UserAttribute[]): ExampleUser[] {
  const choice = attributes.find(({ values }) => (values?.length ?? 0) > 1);
  const others = Object.fromEntries(
    attributes.filter((one) => one !== choice).map((attribute) => [attribute.name, exampleOf(attribute)]),
  );
  const known = (choice?.values ?? []).slice(0, 3).map((value) => ({
    id: String(value),
    attributes: { ...others, [choice!.name]: value },
  }));
  return [...known, { id: 'anyone', attributes: {} }];
}

/** An example value of the attribute's type. */
export function exampleOf({ type, values }: UserAttribute): unknown {
  if (values?.[0] !== undefined) return type === 'list' ? [values[0]] : values[0];
  switch (type) {
    case 'string':
      return '';
    case 'number':
      return 30;
    case 'boolean':
      return true;
    case 'list':
      return [];
    case 'timestamp':
      return '2026-01-01T00:00:00Z';
  }
}

/** The times just before and at each window edge that matters to the node, in order. RFC 3339, UTC. */
export function edgeTimes({ windows }: VoucherSpec, node: Node): string[] {
  const edges = [windows.valid.from, windows.valid.to];
  if (node === 'claim') edges.push(windows.claim.from, windows.claim.to);
  if (node === 'use' && 'from' in windows.use) edges.push(windows.use.from, windows.use.to);
  const moments = edges.map((edge) => Date.parse(edge)).filter((edge) => !Number.isNaN(edge));
  const both = new Set(moments.flatMap((edge) => [edge - 1_000, edge]));
  return [...both]
    .sort((a, b) => a - b)
    .slice(0, MOST_TIMES)
    .map((moment) => new Date(moment).toISOString());
}

export const needsUsers = (node: Node): boolean => node === 'claim' || node === 'use';

/** Each user at each time, row by row, at most MOST_CASES. */
export function casesOf(
  node: Node,
  spec: VoucherSpec,
  users: readonly ExampleUser[],
  times: readonly string[],
  use: ExampleUse,
): DryRunCase[] {
  const rows: readonly ExampleUser[] = needsUsers(node) ? users : [{ id: 'anyone', attributes: {} }];
  return rows
    .flatMap((user) => times.map((at) => ({ node, user: { ...user.attributes, id: user.id }, at })))
    .slice(0, MOST_CASES)
    .map((one) => (node === 'use' ? { ...one, ...usePart(spec, use, one.at) } : one));
}

/** The same cases as joinings, which give ranks. */
export const joiningsOf = (cases: readonly DryRunCase[]): DryRunCase[] =>
  cases.map((one) => ({ ...one, node: 'join' as const }));

type Order = NonNullable<DryRunCase['order']>;

/** The claim is held from the earliest possible time on. */
function usePart({ windows }: VoucherSpec, use: ExampleUse, at: string): Pick<DryRunCase, 'order' | 'claim'> {
  const { amount, currency, skus, uses } = use;
  const items = skus.map((sku) => ({ sku, quantity: 1, amount: Math.floor(amount / skus.length) }));
  const heldAt = windows.claim.from < at ? windows.claim.from : at;
  // The cast is safe: the currency was chosen from the contract's list.
  const order = { id: 'order-1', amount, currency: currency as Order['currency'], items };
  return { order, claim: { heldAt, uses } };
}
