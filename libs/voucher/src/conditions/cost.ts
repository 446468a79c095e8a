// Computes the highest cost of evaluating a condition from its syntax tree, because the CEL library has no limit. The
// unit is one step of the evaluator, about 30 ns. seen.ts limits the sizes of the values that come in.
import type { Node } from '@vouchers/contracts';
import type { ASTNode } from '@marcbachmann/cel-js';
import { CALENDAR } from './functions.ts';
import { LOOPS } from './syntax.ts';

/**
 * About 3 and 12 ms: an evaluation cannot be interrupted, and nothing else may wait longer than 20 ms. A page view
 * evaluates each node of a voucher once. At the use node, an order of 500 items leaves 800 steps per item.
 */
export const HIGHEST_COST: Record<Node, number> = {
  enable: 100_000,
  terminate: 100_000,
  claim: 400_000,
  use: 400_000,
};

/** Sizes of a caller's input. */
export interface Sizes {
  /** Items of the order. */
  items: number;
  /** Elements of a list in an attribute. */
  list: number;
  /** A whole attribute. Unit: characters. */
  text: number;
}

/** An attribute is no larger than the token or header that brings it. */
const LARGEST: Sizes = { items: 500, list: 100, text: 16_384 };
/** A sku, a label's value, or a name. Unit: characters. */
const NAME = 200;
const MOST_LABELS = 20;
const MOST_REASONS = 30;
/** Computing the wall time in a zone once. Unit: steps. */
const ZONE_COST = 500;
const CHARACTERS_PER_STEP = 16;
/** The most elements that a comparison of two lists looks at. */
const ELEMENTS_PER_STEP = 3;

interface Estimate {
  cost: number;
  /** The number of elements, if it is a list. */
  length: number;
  /** The number of characters and elements at all depths. For a loop's variable, the average. */
  size: number;
  /** The largest possible size. It exceeds `size` if many elements share a limit that one of them may use alone. */
  most: number;
  /** An estimate for any of its elements. If absent, an element is no larger than the whole. */
  element?: Estimate;
}

interface Scene {
  sizes: Sizes;
  /** Variables of the surrounding loops. */
  variables: ReadonlyMap<string, Estimate>;
}

/** The highest cost of a condition. Pass `sizes` if the sizes of the input are known. */
export function costOf(ast: ASTNode, sizes: Sizes = LARGEST): number {
  return estimate(ast, { sizes, variables: new Map() }).cost;
}

const flag = (cost: number): Estimate => ({ cost, length: 0, size: 1, most: 1 });
const largest = (numbers: number[]): number => Math.max(0, ...numbers);
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

function estimate(node: ASTNode, scene: Scene): Estimate {
  const of = (inner: ASTNode): Estimate => estimate(inner, scene);
  switch (node.op) {
    case 'value':
      return typeof node.args === 'string' ? text(node.args.length + 1) : flag(1);
    case 'id':
      return { ...(scene.variables.get(node.args) ?? named(node.args, scene.sizes)), cost: 1 };
    case '.':
    case '.?': {
      const object = of(node.args[0]);
      return { ...object, cost: object.cost + 1 };
    }
    case '[]':
    case '[?]': {
      // A condition may read the largest element, however small the others are.
      const [object, key] = [of(node.args[0]), of(node.args[1])];
      return { ...object, size: object.most, cost: object.cost + key.cost + 1 };
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
      return called(node.args[0], undefined, node.args[1], scene);
    case 'rcall':
      return called(node.args[0], node.args[1], node.args[2], scene);
    default:
      return compared(node.op, of(node.args[0]), of(node.args[1]));
  }
}

const text = (size: number): Estimate => ({ cost: 1, length: 0, size, most: size });
const many = (length: number, size: number, element: Estimate): Estimate => ({
  ...text(size),
  length,
  element,
});

/** The largest possible size of a name's value. */
function named(variable: string, { items, list, text: characters }: Sizes): Estimate {
  switch (variable) {
    case 'order':
      return many(items, Math.max(items, NAME), text(NAME));
    case 'user': {
      // An element of a list takes at least two characters, and all elements share the characters of the attribute.
      const share = Math.ceil(characters / Math.max(list, 1));
      return many(list, characters, { cost: 1, length: Math.min(list, share / 2), size: share, most: characters });
    }
    case 'voucher':
      return many(MOST_LABELS, MOST_LABELS * 2 * NAME, text(NAME));
    case 'counters':
      return many(MOST_REASONS, MOST_REASONS * NAME, text(NAME));
    default:
      return text(NAME);
  }
}

function listOf(parts: Estimate[]): Estimate {
  return { ...together(parts), length: parts.length, element: largestOf(parts) };
}

/** The estimate for all parts one after the other, such as joined texts or lists. */
function together(parts: Estimate[]): Estimate {
  return {
    cost: sum(parts.map(({ cost }) => cost)) + 1,
    length: sum(parts.map(({ length }) => length)),
    size: sum(parts.map(({ size }) => size)) + parts.length,
    most: sum(parts.map(({ most }) => most)) + parts.length,
    element: largestOf(parts.map((part) => part.element ?? part)),
  };
}

/** The estimate for any one of the parts. */
function largestOf(parts: Estimate[]): Estimate {
  const elements = parts.flatMap(({ element }) => element ?? []);
  return {
    cost: sum(parts.map(({ cost }) => cost)) + 1,
    length: largest(parts.map(({ length }) => length)),
    size: largest(parts.map(({ size }) => size)),
    most: largest(parts.map(({ most }) => most)),
    element: elements.length > 0 ? largestOf(elements) : undefined,
  };
}

function compared(operator: string, left: Estimate, right: Estimate): Estimate {
  const same = operator === '==' || operator === '!=' ? Math.min(left.length, right.length) / ELEMENTS_PER_STEP : 0;
  return flag(left.cost + right.cost + 1 + (operator === 'in' ? right.length : same));
}

function called(name: string, receiver: ASTNode | undefined, args: ASTNode[], scene: Scene): Estimate {
  const on = receiver && estimate(receiver, scene);
  if (on && LOOPS.has(name) && args[0]?.op === 'id') return looped(name, on, args[0].args, args.slice(1), scene);
  const given = together([...(on ? [on] : []), ...args.map((arg) => estimate(arg, scene))]);
  if (CALENDAR.has(name)) return flag(given.cost + (args.length > 0 ? ZONE_COST : 1));
  const length = name === 'split' ? given.most : given.length;
  return { ...given, cost: given.cost + given.size / CHARACTERS_PER_STEP, length };
}

function looped(name: string, range: Estimate, variable: string, bodies: ASTNode[], scene: Scene): Estimate {
  const variables = new Map(scene.variables).set(variable, range.element ?? range);
  const body = together(bodies.map((one) => estimate(one, { ...scene, variables })));
  const cost = range.cost + range.length * (body.cost + 1);
  if (name === 'filter') return { ...range, cost };
  if (name === 'map')
    return {
      cost,
      length: range.length,
      size: range.length * body.size,
      most: range.length * body.most,
      element: body,
    };
  return flag(cost);
}
