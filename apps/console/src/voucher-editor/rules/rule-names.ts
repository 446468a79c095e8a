// The names that a node's condition may use, for the builder, for completion and for the example users.
import type { Node } from '@vouchers/contracts';
import type { UserAttribute } from '../../api/answers.ts';
import { COUNT_NAMES } from '../../parts/counters.ts';

export type NameType = 'string' | 'number' | 'boolean' | 'list' | 'timestamp';

/** A name in CEL and its type. */
export interface RuleName {
  name: string;
  type: NameType;
  values?: readonly (string | number)[];
  /** Its unit is the minor unit of a currency. */
  isMoney?: true;
}

const named = (type: NameType, ...names: string[]): RuleName[] => names.map((name) => ({ name, type }));

const COUNTERS = named('number', ...COUNT_NAMES.map((name) => `counters.${name}`));
const EVERYWHERE: readonly RuleName[] = [
  ...COUNTERS,
  ...named('timestamp', 'now'),
  ...named('string', 'voucher.id', 'voucher.name', 'voucher.resourceType'),
  ...named('number', 'voucher.version'),
];
const PAGE = named('string', 'page.slug');
const ORDER: readonly RuleName[] = [
  { name: 'order.amount', type: 'number', isMoney: true },
  ...named('string', 'order.currency', 'order.id'),
  ...named('boolean', 'order.matchesGoods'),
  ...named('list', 'order.items'),
];
const CLAIM: readonly RuleName[] = [...named('timestamp', 'claim.heldAt'), ...named('number', 'claim.uses')];

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

function userNames(attributes: readonly UserAttribute[]): RuleName[] {
  const listed = attributes
    .filter(({ name }) => name !== 'id')
    .map(({ name, type, values }) => ({
      name: IDENTIFIER.test(name) ? `user.${name}` : `user[${JSON.stringify(name)}]`,
      type,
      ...(values?.length ? { values } : {}),
    }));
  return [...listed, ...named('string', 'user.id')];
}

/**
 * All names that the node can use, the most common ones first.
 * @param currency the currency of the money that the voucher takes off, if it takes off money
 */
export function namesFor(node: Node, attributes: readonly UserAttribute[], currency?: string): RuleName[] {
  const discounted = currency ? `counters.discounted.${currency}` : undefined;
  const everywhere: RuleName[] = [
    ...EVERYWHERE,
    ...(discounted ? [{ name: discounted, type: 'number', isMoney: true } as const] : []),
  ];
  switch (node) {
    case 'enable':
    case 'terminate':
      return everywhere;
    case 'claim':
      return [...userNames(attributes), ...PAGE, ...everywhere];
    case 'use':
      return [...ORDER, ...userNames(attributes), ...CLAIM, ...everywhere];
  }
}

const ATTRIBUTE = /\buser(?:\.([A-Za-z_]\w*)|\[\s*(?:"([^"]*)"|'([^']*)')\s*\])/g;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/** The user attributes in a condition that are not listed, each once. They are allowed, but may be misspelt. */
export function unlistedIn(when: string, attributes: readonly UserAttribute[]): string[] {
  const known = new Set(['id', ...attributes.map(({ name }) => name)]);
  // A text is no name, but one in brackets is.
  const names = when.replace(TEXT, (text, at: number) => (/\[\s*$/.test(when.slice(0, at)) ? text : '""'));
  const found = [...names.matchAll(ATTRIBUTE)].map(([, plain, double, single]) => plain ?? double ?? single ?? '');
  return [...new Set(found)].filter((name) => !known.has(name)).map((name) => `user.${name}`);
}
