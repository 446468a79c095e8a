// Splits a condition into the clauses that must all hold, and evaluates those that ask only for recorded facts.
import type { Facts } from '@vouchers/contracts';
import { evaluate, parse, serialize, type ASTNode } from '@marcbachmann/cel-js';

export interface Clause {
  text: string;
  /** `unknown`: it asks for more than the recorded attributes. `missing`: an attribute was not there. */
  result: 'holds' | 'fails' | 'missing' | 'unknown';
}

/** The clauses of a condition, in order. One that cannot be parsed is a single unknown clause. */
export function clausesOf(when: string, facts: Facts): Clause[] {
  try {
    return conjuncts(parse(when).ast).map((node) => ({ text: serialize(node), result: resultOf(node, facts) }));
  } catch {
    return [{ text: when, result: 'unknown' }];
  }
}

const conjuncts = (node: ASTNode): ASTNode[] =>
  node.op === '&&' ? [...conjuncts(node.args[0]), ...conjuncts(node.args[1])] : [node];

/** The names that a part of a condition begins with. Variables of loops count, too. */
function rootsOf(part: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(part)) for (const one of part) rootsOf(one, found);
  else if (typeof part === 'object' && part !== null && 'op' in part) {
    const { op, args } = part as ASTNode;
    if (op === 'id') found.add(String(args));
    else rootsOf(args, found);
  }
  return found;
}

function resultOf(node: ASTNode, facts: Facts): Clause['result'] {
  const roots = rootsOf(node);
  if (roots.size !== 1 || !roots.has('user')) return 'unknown';
  const attributes = Object.entries(facts)
    .filter(([name]) => name.startsWith('user.'))
    .map(([name, value]) => [name.slice('user.'.length), asCel(value)] as const);
  try {
    const value: unknown = evaluate(serialize(node), { user: new Map(attributes) });
    return value === true ? 'holds' : value === false ? 'fails' : 'unknown';
  } catch (error) {
    return (error as { code?: string }).code === 'no_such_key' ? 'missing' : 'unknown';
  }
}

/** Whole numbers are ints in CEL. */
function asCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  return Array.isArray(value) ? value.map(asCel) : value;
}
