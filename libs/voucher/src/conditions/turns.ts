// When time alone may change a condition's answer: read from its syntax, so that nobody has to ask it all the time.
import type { Node } from '@vouchers/contracts';
import type { ASTNode } from '@marcbachmann/cel-js';
import { costOf } from './cost.ts';
import { ENVIRONMENTS } from './environment.ts';
import { CALENDAR } from './functions.ts';
import { names } from './names-in.ts';
import { childrenOf } from './syntax.ts';

/** Between two turns the answer stays the same, as long as nothing but time changes. */
export interface Turns {
  /** The first turn after this time (Unix milliseconds); undefined: there is none. */
  after(at: number): number | undefined;
  /** So many turns may be looked at for one answer: they are fewer where the condition is costly. */
  lookAhead: number;
}

export const NO_TURNS: Turns = { after: () => undefined, lookAhead: 1 };

const SECOND_MS = 1_000;
/** Clocks on the wall go forward and back by whole minutes. */
const MINUTE_MS = 60 * SECOND_MS;
const FINE = new Set(['getSeconds', 'getMilliseconds']);
const COMPARISONS = new Set<string>(['<', '<=', '>', '>=', '==', '!=']);
const MOST_TURNS = 30;
/** In steps of `costOf`: about a millisecond. */
const MOST_STEPS = 25_000;

/**
 * The turns of a condition. `now` compared with a written time turns there; `now` read as a calendar turns at full
 * minutes at most; whatever else is made of `now` may turn at each full second.
 */
export function turnsOf(node: Node, ast: ASTNode): Turns {
  if (!names(ast, 'now')) return NO_TURNS;
  const { moments, everyMs } = found(node, ast);
  const sorted = [...moments].sort((a, b) => a - b);
  return {
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
      // `>` and `<=` turn behind it.
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

/** The time with which `now` is compared, where that is written out. */
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

/** As CEL: what `now` is compared with when `side` (now, now - x, now + x) is compared with `other`. */
function limitOf(side: ASTNode, other: ASTNode): string | undefined {
  const limit = written(other);
  if (limit === undefined || isNow(side)) return limit;
  if ((side.op !== '-' && side.op !== '+') || !isNow(side.args[0])) return undefined;
  const shift = written(side.args[1]);
  return shift && `(${limit} ${side.op === '-' ? '+' : '-'} ${shift})`;
}

/** A time or a length of time that is written out, and sums of such, as CEL. */
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
