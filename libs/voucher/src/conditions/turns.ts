// Finds from a condition's syntax when time alone may change its answer, so that it is evaluated only then.
import type { Node } from '@vouchers/contracts';
import type { ASTNode } from '@marcbachmann/cel-js';
import { costOf } from './cost.ts';
import { ENVIRONMENTS } from './environment.ts';
import { CALENDAR } from './functions.ts';
import { names } from './names-in.ts';
import { childrenOf } from './syntax.ts';

/** Moments at which the answer may change. Between two of them it stays the same while only time changes. */
export interface Turns {
  /** The first turn after this time (Unix ms). Undefined if there is none. */
  after(at: number): number | undefined;
  /** The written times at which it turns, in order. */
  moments: readonly number[];
  /** Whether it also uses `now` otherwise, so that it may turn at any full minute or second. */
  isPeriodic: boolean;
  /** The most turns that one search looks at. They are fewer if the condition is costly. */
  lookAhead: number;
}

export const NO_TURNS: Turns = { after: () => undefined, moments: [], isPeriodic: false, lookAhead: 1 };

const SECOND_MS = 1_000;
/** Local clocks change by whole minutes. */
const MINUTE_MS = 60 * SECOND_MS;
const FINE = new Set(['getSeconds', 'getMilliseconds']);
const COMPARISONS = new Set<string>(['<', '<=', '>', '>=', '==', '!=']);
const MOST_TURNS = 30;
/** About a millisecond. Unit: steps of `costOf`. */
const MOST_STEPS = 25_000;

/**
 * The turns of a condition. If `now` is compared with a written time, it turns there. If calendar fields of `now` are
 * read, it turns only at full minutes. With any other use of `now` it may turn at each full second.
 */
export function turnsOf(node: Node, ast: ASTNode): Turns {
  if (!names(ast, 'now')) return NO_TURNS;
  const { moments, everyMs } = found(node, ast);
  const sorted = [...moments].sort((a, b) => a - b);
  return {
    moments: sorted,
    isPeriodic: everyMs !== Infinity,
    after(at) {
      const moment = sorted.find((one) => one > at) ?? Infinity;
      const next = Math.min(moment, everyMs === Infinity ? Infinity : (Math.floor(at / everyMs) + 1) * everyMs);
      return next === Infinity ? undefined : next;
    },
    lookAhead: Math.max(1, Math.min(MOST_TURNS, Math.floor(MOST_STEPS / costOf(ast)))),
  };
}

function found(node: Node, ast: ASTNode): { moments: Set<number>; everyMs: number } {
  const moments = new Set<number>();
  let everyMs = Infinity;
  const open = [ast];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const moment = comparedWith(node, at);
    if (moment !== undefined) {
      // `>` and `<=` change their answer 1 ms later.
      moments.add(moment).add(moment + 1);
    } else if (at.op === 'rcall' && CALENDAR.has(at.args[0]) && isNow(at.args[1])) {
      everyMs = Math.min(everyMs, FINE.has(at.args[0]) ? SECOND_MS : MINUTE_MS);
      open.push(...at.args[2]);
    } else if (isNow(at)) {
      everyMs = SECOND_MS;
    } else {
      open.push(...childrenOf(at));
    }
  }
  return { moments, everyMs };
}

const isNow = (node: ASTNode): boolean => node.op === 'id' && node.args === 'now';

/** The time with which `now` is compared, if it is a constant. */
function comparedWith(node: Node, at: ASTNode): number | undefined {
  if (!COMPARISONS.has(at.op)) return undefined;
  const [left, right] = at.args as [ASTNode, ASTNode];
  const text = limitOf(left, right) ?? limitOf(right, left);
  if (text === undefined) return undefined;
  try {
    const limit: unknown = ENVIRONMENTS[node].parse(text)({});
    return limit instanceof Date && !Number.isNaN(limit.getTime()) ? limit.getTime() : undefined;
  } catch {
    return undefined;
  }
}

/** The CEL expression with which `now` is compared if `side` (now, now - x, now + x) is compared with `other`. */
function limitOf(side: ASTNode, other: ASTNode): string | undefined {
  const limit = written(other);
  if (limit === undefined || isNow(side)) return limit;
  if ((side.op !== '-' && side.op !== '+') || !isNow(side.args[0])) return undefined;
  const shift = written(side.args[1]);
  return shift && `(${limit} ${side.op === '-' ? '+' : '-'} ${shift})`;
}

/** The CEL text of a constant time or duration, or of a sum of these. */
function written(node: ASTNode): string | undefined {
  if (node.op === 'call' && (node.args[0] === 'timestamp' || node.args[0] === 'duration')) {
    const [argument] = node.args[1];
    const text: unknown = argument?.op === 'value' ? argument.args : undefined;
    return typeof text === 'string' ? `${node.args[0]}(${JSON.stringify(text)})` : undefined;
  }
  if (node.op !== '+' && node.op !== '-') return undefined;
  const [left, right] = [written(node.args[0]), written(node.args[1])];
  return left && right && `(${left} ${node.op} ${right})`;
}
