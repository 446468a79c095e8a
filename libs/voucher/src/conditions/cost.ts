// What evaluating a condition costs at most, on its syntax tree alone: the CEL library has no bound of its own.
// The unit is one step of the evaluator, some 40 ns; sizes are bounded where values come in (see seen.ts).
import type { ASTNode } from '@marcbachmann/cel-js';
import { CALENDAR } from './functions.ts';
import { LOOPS } from './syntax.ts';

/** A fifth of a second. Two loops within each other over 500 items, comparing a few fields, stay below. */
export const HIGHEST_COST = 5_000_000;

/** An attribute is no larger than the token or header that brings it. Unit: characters. */
const LARGEST_TEXT = 16_384;
const LONGEST_ATTRIBUTE_LIST = 100;
const MOST_ITEMS = 500;
/** One reading of a wall clock in a zone, in steps. */
const ZONE_COST = 500;
const CHARACTERS_PER_STEP = 16;

interface Estimate {
  cost: number;
  /** Elements, where it is a list. */
  length: number;
  /** Characters and elements, however deep. */
  size: number;
  /** Any of its elements; absent: no larger than the whole. */
  element?: Estimate;
}
type Variables = ReadonlyMap<string, Estimate>;

/** The cost of a condition, at most. */
export function costOf(ast: ASTNode): number {
  return estimate(ast, new Map()).cost;
}

const flag = (cost: number): Estimate => ({ cost, length: 0, size: 1 });
const largest = (numbers: number[]): number => Math.max(0, ...numbers);
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

function estimate(node: ASTNode, variables: Variables): Estimate {
  const of = (inner: ASTNode): Estimate => estimate(inner, variables);
  switch (node.op) {
    case 'value':
      return { ...flag(1), size: typeof node.args === 'string' ? node.args.length + 1 : 1 };
    case 'id':
      return { ...(variables.get(node.args) ?? named(node.args)), cost: 1 };
    case '.':
    case '.?': {
      const object = of(node.args[0]);
      return { ...object, cost: object.cost + 1 };
    }
    case '[]':
    case '[?]': {
      const [object, key] = [of(node.args[0]), of(node.args[1])];
      return { ...(object.element ?? object), cost: object.cost + key.cost + 1 };
    }
    case '!_':
    case '-_':
      return flag(of(node.args).cost + 1);
    case '?:':
      return largestOf(node.args.map(of));
    case 'list':
      return listOf(node.args.map(of));
    case 'map':
      return together(node.args.flat().map(of));
    case '+': {
      const both = together(node.args.map(of));
      return { ...both, cost: both.cost + both.size / CHARACTERS_PER_STEP };
    }
    case 'call':
      return called(node.args[0], undefined, node.args[1], variables);
    case 'rcall':
      return called(node.args[0], node.args[1], node.args[2], variables);
    default:
      return compared(node.op, of(node.args[0]), of(node.args[1]));
  }
}

function named(variable: string): Estimate {
  const any = { cost: 1, size: LARGEST_TEXT };
  return variable === 'order'
    ? { ...any, length: MOST_ITEMS, element: { ...any, length: 0 } }
    : { ...any, length: LONGEST_ATTRIBUTE_LIST };
}

function listOf(parts: Estimate[]): Estimate {
  return { ...together(parts), length: parts.length, element: largestOf(parts) };
}

/** All of them, one after the other: texts and lists that are joined, or parts of one thing. */
function together(parts: Estimate[]): Estimate {
  return {
    cost: sum(parts.map(({ cost }) => cost)) + 1,
    length: sum(parts.map(({ length }) => length)),
    size: sum(parts.map(({ size }) => size)) + parts.length,
    element: largestOf(parts.map((part) => part.element ?? part)),
  };
}

/** Any one of them. */
function largestOf(parts: Estimate[]): Estimate {
  const elements = parts.flatMap(({ element }) => element ?? []);
  return {
    cost: sum(parts.map(({ cost }) => cost)) + 1,
    length: largest(parts.map(({ length }) => length)),
    size: largest(parts.map(({ size }) => size)),
    element: elements.length > 0 ? largestOf(elements) : undefined,
  };
}

function compared(operator: string, left: Estimate, right: Estimate): Estimate {
  const elements =
    operator === 'in' ? right.length : operator === '==' || operator === '!=' ? Math.min(left.length, right.length) : 0;
  return flag(left.cost + right.cost + 1 + elements);
}

function called(name: string, receiver: ASTNode | undefined, args: ASTNode[], variables: Variables): Estimate {
  const on = receiver && estimate(receiver, variables);
  if (on && LOOPS.has(name) && args[0]?.op === 'id') return looped(name, on, args[0].args, args.slice(1), variables);
  const given = together([...(on ? [on] : []), ...args.map((arg) => estimate(arg, variables))]);
  if (CALENDAR.has(name)) return flag(given.cost + (args.length > 0 ? ZONE_COST : 1));
  const length = name === 'split' ? given.size : given.length;
  return { ...given, cost: given.cost + given.size / CHARACTERS_PER_STEP, length };
}

function looped(name: string, range: Estimate, variable: string, bodies: ASTNode[], variables: Variables): Estimate {
  const inner = new Map(variables).set(variable, range.element ?? range);
  const body = together(bodies.map((one) => estimate(one, inner)));
  const cost = range.cost + range.length * (body.cost + 1);
  if (name === 'filter') return { ...range, cost };
  if (name === 'map') return { cost, length: range.length, size: range.length * body.size, element: body };
  return flag(cost);
}
