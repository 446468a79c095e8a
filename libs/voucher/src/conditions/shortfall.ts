// Finds the nearest change that would make a condition true, if the condition compares a known number with a constant.
import type { ASTNode } from '@marcbachmann/cel-js';
import { countersOf } from '../counters.ts';
import type { Occasion } from './scope.ts';
import { fieldOf, nodesOf } from './syntax.ts';

type Bound = '<' | '<=' | '>' | '>=';
const MIRRORED: Record<Bound, Bound> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The change that meets the first unmet bound, in words. Undefined if no such bound is found. */
export function shortfall(ast: ASTNode, occasion: Occasion): string | undefined {
  if (ast.op === '&&') return shortfall(ast.args[0], occasion) ?? shortfall(ast.args[1], occasion);
  if (ast.op !== '<' && ast.op !== '<=' && ast.op !== '>' && ast.op !== '>=') return undefined;
  const [left, right] = ast.args;
  return missing(left, ast.op, right, occasion) ?? missing(right, MIRRORED[ast.op], left, occasion);
}

/** The most amounts that are looked for. A longer rule has no sensible minimum. */
const MOST_AMOUNTS = 50;

/** The least whole amounts of an order at which a comparison of `order.amount` with a constant changes; ascending. */
export function turningAmountsIn(ast: ASTNode): number[] {
  const amounts = new Set<number>();
  for (const { op, args } of nodesOf(ast)) {
    if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=') continue;
    for (const [named, bound, limit] of [
      [args[0], op, args[1]],
      [args[1], MIRRORED[op], args[0]],
    ] as const) {
      const field = fieldOf(named);
      const value = constant(limit);
      if (field?.object !== 'order' || field.key !== 'amount' || value === undefined) continue;
      // `<` and `>=` change at the constant, `<=` and `>` just above it.
      amounts.add(bound === '<' || bound === '>=' ? Math.ceil(value) : Math.floor(value) + 1);
    }
    if (amounts.size >= MOST_AMOUNTS) break;
  }
  return [...amounts].sort((a, b) => a - b);
}

function missing(named: ASTNode, bound: Bound, limit: ASTNode, occasion: Occasion): string | undefined {
  const field = fieldOf(named);
  const wanted = constant(limit);
  const actual = field && known(field.object, field.key, occasion);
  if (field === undefined || actual === undefined || wanted === undefined || meets(actual, bound, wanted))
    return undefined;
  const name = `${field.object}.${field.key}`;
  const away = Math.abs(wanted - actual) + (bound === '<' || bound === '>' ? 1 : 0);
  return bound === '>' || bound === '>='
    ? `${name} would have to be ${away} more (${bound} ${wanted})`
    : `${name} would have to be ${away} less (${bound} ${wanted})`;
}

function constant(node: ASTNode): number | undefined {
  return node.op === 'value' && (typeof node.args === 'bigint' || typeof node.args === 'number')
    ? Number(node.args)
    : undefined;
}

/** The value of a field, if it is a number that says nothing about the user. */
function known(object: string, key: string, { order, voucher, claim }: Occasion): number | undefined {
  if (object === 'order' && key === 'amount' && Number.isFinite(order?.amount)) return order!.amount;
  if (object === 'claim' && key === 'uses') return claim?.uses;
  if (object !== 'counters') return undefined;
  const count = Object.entries(countersOf(voucher)).find(([name]) => name === key)?.[1];
  return typeof count === 'number' ? count : undefined;
}

function meets(actual: number, bound: Bound, wanted: number): boolean {
  switch (bound) {
    case '<':
      return actual < wanted;
    case '<=':
      return actual <= wanted;
    case '>':
      return actual > wanted;
    case '>=':
      return actual >= wanted;
    default:
      return bound satisfies never;
  }
}
