// Converts between CEL and the rules of the builder. CEL is the truth. `parseCEL` silently drops parts that it cannot
// draw, and `formatQuery` does not escape everything. So a condition is only drawn or written if it converts back to
// the same CEL.
import type { Node } from '@vouchers/contracts';
import { parse, serialize } from '@marcbachmann/cel-js';
import type { RuleGroupType, RuleType } from 'react-querybuilder';
import { formatQuery } from 'react-querybuilder/formatQuery';
import { parseCEL } from 'react-querybuilder/parseCEL';
import type { NameType, RuleName } from './rule-names.ts';

export type Query = RuleGroupType;

/** The reason why a condition is only shown as CEL. */
export type Undrawable =
  { why: 'unreadable' } | { why: 'lost' } | { why: 'name'; name: string } | { why: 'value'; name: string };
export type Drawing = { query: Query } | Undrawable;

/** Operators that the builder offers, by the type of a name. */
export const OPERATORS: Readonly<Record<NameType, readonly string[]>> = {
  string: ['=', '!=', 'in', 'notIn', 'beginsWith', 'endsWith', 'contains', 'doesNotContain'],
  number: ['=', '!=', '<', '<=', '>', '>=', 'in', 'notIn'],
  boolean: ['=', '!='],
  list: [],
  timestamp: [],
};

/** Names that the builder can draw. */
export const drawable = (names: readonly RuleName[]): RuleName[] =>
  names.filter(({ type }) => OPERATORS[type].length > 0);

/** The condition without any rule: the node's default. */
const emptyOf = (node: Node): string => (node === 'terminate' ? 'false' : 'true');

const canonical = (cel: string): string => serialize(parse(cel).ast);

/** Compares two conditions as parsed by CEL, since numbers in JavaScript may lose digits. */
const isSameCel = (a: string, b: string): boolean => {
  try {
    return canonical(a) === canonical(b);
  } catch {
    return false;
  }
};

function written(node: Node, names: readonly RuleName[], query: Query): string {
  const fields = names.map(({ name, type }) => ({
    name,
    label: name,
    ...(type === 'number' ? { inputType: 'number' } : {}),
  }));
  return formatQuery(query, {
    format: 'cel',
    parseNumbers: 'strict-limited',
    fallbackExpression: emptyOf(node),
    fields,
  });
}

/** The condition as rules, or the reason why it cannot be drawn without a change of its meaning. */
export function drawingOf(node: Node, cel: string, names: readonly RuleName[]): Drawing {
  try {
    parse(cel);
  } catch {
    return { why: 'unreadable' };
  }
  const parsed = parseCEL(cel, { listsAsArrays: true }) as Query;
  const query: Query = 'not' in parsed || parsed.rules ? parsed : { combinator: 'and', rules: [] };
  for (const rule of rulesOf(query)) {
    const known = names.find(({ name }) => name === rule.field);
    if (!known) return { why: 'name', name: rule.field };
    if (!OPERATORS[known.type].includes(rule.operator) || !isWritable(known.type, rule))
      return { why: 'value', name: rule.field };
  }
  return isSameCel(written(node, names, query), cel) ? { query } : { why: 'lost' };
}

/** All rules of a query and of its groups. */
export function rulesOf({ rules }: Query): RuleType[] {
  return rules.flatMap((rule) => ('rules' in rule ? rulesOf(rule) : [rule]));
}

/** True if the rule has a plain value of the right type that needs no escaping. */
function isWritable(type: NameType, { operator, value, valueSource, match }: RuleType): boolean {
  if ((valueSource ?? 'value') !== 'value' || match) return false;
  if (operator === 'in' || operator === 'notIn')
    return Array.isArray(value) && value.length > 0 && value.every((one) => isPlain(type, one));
  return isPlain(type, value);
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const UNWRITABLE = /[\\"\p{Cc}]/u;

function isPlain(type: NameType, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string' && !UNWRITABLE.test(value);
    case 'number':
      return (typeof value === 'number' || typeof value === 'string') && NUMBER.test(String(value));
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
    case 'timestamp':
      return false;
  }
}

const withoutEmptyGroups = (query: Query): Query => ({
  ...query,
  rules: query.rules
    .map((rule) => ('rules' in rule ? withoutEmptyGroups(rule) : rule))
    .filter((rule) => !('rules' in rule) || rule.rules.length > 0),
});

export type Writing = { cel: string } | { fault: 'value'; name: string } | { fault: 'lost' };

/** The rules as CEL, or the name whose value is missing or cannot be written. */
export function celOf(node: Node, query: Query, names: readonly RuleName[]): Writing {
  const full = withoutEmptyGroups(query);
  const rules = rulesOf(full);
  const wrong = rules.find((rule) => {
    const known = names.find(({ name }) => name === rule.field);
    return !known || !isWritable(known.type, rule);
  });
  if (wrong) return { fault: 'value', name: wrong.field };
  const cel = written(node, names, full);
  const back = drawingOf(node, cel, names);
  return 'query' in back && rulesOf(back.query).length === rules.length ? { cel } : { fault: 'lost' };
}
