// A condition that is parsed once and evaluated many times, with the variables of its node. An error counts as false.
import type { Node } from '@vouchers/contracts';
import { type ASTNode, EvaluationError } from '@marcbachmann/cel-js';
import { costOf, type Sizes } from './cost.ts';
import { ENVIRONMENTS } from './environment.ts';
import { attributesIn, names } from './names-in.ts';
import { type Occasion, Scope } from './scope.ts';
import { shortfall, turningAmountsIn } from './shortfall.ts';
import { NO_TURNS, type Turns, turnsOf } from './turns.ts';

export interface Condition {
  holds(occasion: Occasion): boolean;
  /**
   * The reason why it does not hold. If the nearest change that would make it true can be computed, that is the
   * reason. The text has no facts about the user.
   */
  why(occasion: Occasion): string;
  /** The user attributes that it names, without `id`. */
  attributes: readonly string[];
  /** Whether its answer may differ between users or between pages. */
  namesAsker: boolean;
  /** Whether its answer may change because time passes. */
  namesNow: boolean;
  /** The moments at which time alone may change its answer. */
  turns: Turns;
  namesMatchesGoods: boolean;
  /** The order amounts at which its answer may change, as its comparisons with constants say; ascending. */
  turningAmounts: readonly number[];
  /** The most steps that an evaluation takes. */
  cost(sizes: Sizes): number;
}

const plain = {
  attributes: [],
  namesAsker: false,
  namesNow: false,
  turns: NO_TURNS,
  namesMatchesGoods: false,
  turningAmounts: [],
  cost: () => 0,
};
const ALWAYS: Condition = { ...plain, holds: () => true, why: () => 'it always holds' };
const NEVER: Condition = { ...plain, holds: () => false, why: () => 'the condition is never true' };

/** A condition that cannot be parsed never holds. It is refused when it is saved. */
export function conditionOf(node: Node, when: string): Condition {
  if (when === 'true') return ALWAYS;
  if (when === 'false') return NEVER;
  try {
    return parsed(node, when);
  } catch {
    return { ...NEVER, why: () => 'the condition cannot be read' };
  }
}

function parsed(node: Node, when: string): Condition {
  const evaluate = ENVIRONMENTS[node].parse(when);
  const ast: ASTNode = evaluate.ast;
  const attributes = attributesIn(ast);
  const ask = (occasion: Occasion): Answer => {
    const scope = new Scope(occasion, attributes);
    try {
      return { given: evaluate(scope) };
    } catch (error) {
      for (const mark of scope.unkept ?? []) mark.needed = true;
      return { error };
    }
  };
  // After a refusal, `why` is called next. The answer is kept for it, because evaluating again may be expensive.
  let refused: { occasion: Occasion; answer: Answer } | undefined;
  return {
    attributes,
    namesAsker: names(ast, 'user') || names(ast, 'page'),
    namesNow: names(ast, 'now'),
    turns: turnsOf(node, ast),
    namesMatchesGoods: names(ast, 'order', 'matchesGoods'),
    turningAmounts: turningAmountsIn(ast),
    cost: (sizes) => costOf(ast, sizes),
    holds(occasion) {
      const answer = ask(occasion);
      const holds = answer.given === true;
      refused = holds ? undefined : { occasion, answer };
      return holds;
    },
    why(occasion) {
      const { given, error } = refused?.occasion === occasion ? refused.answer : ask(occasion);
      refused = undefined;
      if (error !== undefined) return `the condition cannot be evaluated: ${told(error)}`;
      if (typeof given !== 'boolean') return 'the condition gives no boolean';
      return shortfall(ast, occasion) ?? 'the condition is false';
    },
  };
}

/** The result of an evaluation, or why it has none. */
interface Answer {
  given?: unknown;
  error?: unknown;
}

/** An evaluation error in words: its kind and its place. They do not contain the value of an attribute. */
export function told(error: unknown): string {
  if (!(error instanceof EvaluationError)) return 'too much to compute';
  const { code, node } = error;
  const place = node?.input.slice(node.start, node.end).trim();
  const kind = WORDS[code] ?? code.replaceAll('_', ' ');
  return place ? `${kind}: ${clipped(pathTo(error) ?? place)}` : kind;
}

/** The whole path of a missing key. CEL's own range has only the last part of it. */
function pathTo(error: EvaluationError): string | undefined {
  const { code, node } = error;
  if (code !== 'no_such_key' || node === undefined) return undefined;
  return /[\w.]*$/.exec(node.input.slice(0, node.end))?.[0];
}

function clipped(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

const WORDS: Record<string, string> = {
  no_such_key: 'missing',
  no_such_overload: 'types do not fit',
  field_type_mismatch: 'not of its type',
  unsupported_type: 'too long a list',
  unknown_variable: 'not given',
};
