// Checks a condition before it is saved. Its cost is limited here, by its syntax tree, because evaluation has no limit.
import { faultSentence, type FaultCode, type FaultParameters, type Node, type RuleNode } from '@vouchers/contracts';
import type { ASTNode, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { costOf, HIGHEST_COST } from './cost.ts';
import { ENVIRONMENTS, NAMES } from './environment.ts';
import { FUNCTIONS } from './functions.ts';
import { childrenOf, fieldOf, LOOPS, nodesOf } from './syntax.ts';

/** The most bytes of a condition in UTF-8. */
const LONGEST = 4_096;
const DEEPEST_LOOPS = 2;

/** An error in a condition and its place. Line and column count from 1. */
export interface ConditionError {
  message: string;
  code: FaultCode;
  params: FaultParameters;
  line: number;
  column: number;
}
type Sentence = Pick<ConditionError, 'message' | 'code' | 'params'>;
type Found = Sentence & { node: ASTNode };

const said = (code: FaultCode, params: FaultParameters = {}): Sentence => ({
  message: faultSentence(code, params),
  code,
  params,
});
const START = { line: 1, column: 1 };

/** Decides whether this condition may be saved at this node, or as a rank. All its errors are returned. */
export function checkCondition(node: RuleNode, when: string): { ok: boolean; errors: ConditionError[] } {
  const errors = errorsIn(node, when);
  return { ok: errors.length === 0, errors };
}

function errorsIn(node: RuleNode, when: string): ConditionError[] {
  if (bytesOf(when) > LONGEST) return [{ ...said('cel-bytes', { most: LONGEST }), ...START }];
  // A rank sees the names of the claim node.
  const place = node === 'rank' ? 'claim' : node;
  try {
    const { ast, check } = ENVIRONMENTS[place].parse(when);
    const found = [...unknownNames(place, ast), ...unboundedCalls(ast), ...wholeUser(ast), ...deepLoops(ast, 0)];
    if (found.length > 0)
      return found.map(({ node: at, ...sentence }) => ({ ...sentence, ...placeIn(when, at.start) }));
    const { valid, type, error } = check();
    if (!valid) return [toldBy(error!, when)];
    const { types, code } = node === 'rank' ? NUMBER : BOOLEAN;
    if (!types.includes(type!) && !type!.startsWith('dyn')) return [{ ...said(code, { type: type! }), ...START }];
    const cost = Math.ceil(costOf(ast));
    return cost > HIGHEST_COST[place] ? [{ ...said('cel-cost', { cost, most: HIGHEST_COST[place] }), ...START }] : [];
  } catch (error) {
    return [toldBy(error, when)];
  }
}

/** The types that a result may have, and the fault of one that has another. */
interface Result {
  readonly types: readonly string[];
  readonly code: FaultCode;
}
const BOOLEAN: Result = { types: ['bool'], code: 'cel-result' };
const NUMBER: Result = { types: ['int', 'uint', 'double'], code: 'cel-rank' };

/** The library's own errors have a place. Other errors, such as a stack overflow on deep nesting, do not. */
function toldBy(error: unknown, when: string): ConditionError {
  const { summary, range, name } = error as Partial<ParseError | CelTypeError>;
  if (summary === undefined) return { ...said('cel-unreadable'), ...START };
  const code = name === 'ParseError' ? 'cel-syntax' : 'cel-types';
  return { ...said(code, { text: summary }), ...placeIn(when, range?.start ?? 0) };
}

function placeIn(when: string, offset: number): { line: number; column: number } {
  const before = when.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The variables that a condition's loops declare. */
function loopVariables(ast: ASTNode): Set<string> {
  const variables = new Set<string>();
  for (const node of nodesOf(ast)) {
    if (node.op === 'rcall' && LOOPS.has(node.args[0]) && node.args[2][0]?.op === 'id')
      variables.add(node.args[2][0].args);
  }
  return variables;
}

/** Finds names that this node does not have, and loop variables that hide a name. */
function* unknownNames(node: Node, ast: ASTNode): Generator<Found> {
  const own = loopVariables(ast);
  for (const at of nodesOf(ast)) {
    if (
      at.op !== 'id' ||
      (!own.has(at.args) && ENVIRONMENTS[node].hasVariable(at.args) && at.args !== 'cel' && at.args !== 'google')
    )
      continue;
    if (own.has(at.args)) {
      if (NAMES.includes(at.args)) yield { ...said('cel-taken', { name: at.args }), node: at };
    } else if (NAMES.includes(at.args)) {
      yield { ...said('cel-unseen', { node, name: at.args }), node: at };
    } else if (!isTypeName(at.args)) {
      yield { ...said('cel-name', { name: at.args }), node: at };
    }
  }
}

function isTypeName(name: string): boolean {
  return ['int', 'uint', 'double', 'string', 'bool', 'list', 'map', 'null_type', 'type', 'bytes'].includes(name);
}

function* unboundedCalls(ast: ASTNode): Generator<Found> {
  for (const node of nodesOf(ast)) {
    if (node.op !== 'call' && node.op !== 'rcall') continue;
    const [name] = node.args;
    if (name === 'matches') yield { ...said('cel-matches'), node };
    else if (!FUNCTIONS.has(name) && !LOOPS.has(name)) yield { ...said('cel-function', { name }), node };
  }
}

/** Finds each use of `user` other than reading one attribute by its name. */
function* wholeUser(ast: ASTNode): Generator<Found> {
  for (const node of nodesOf(ast)) {
    for (const child of childrenOf(node)) {
      if (child.op === 'id' && child.args === 'user' && !fieldOf(node)) yield whole(child);
    }
  }
  if (ast.op === 'id' && ast.args === 'user') yield whole(ast);
}

const whole = (node: ASTNode): Found => ({ ...said('cel-user'), node });

/** Finds loops in the bodies of other loops. A loop over the result of another loop is not nested. */
function* deepLoops(node: ASTNode, depth: number): Generator<Found> {
  const isLoop = node.op === 'rcall' && LOOPS.has(node.args[0]);
  if (isLoop && depth === DEEPEST_LOOPS) {
    yield { ...said('cel-loops', { most: DEEPEST_LOOPS }), node };
    return;
  }
  for (const child of childrenOf(node)) {
    const within = isLoop && child !== node.args[1];
    yield* deepLoops(child, within ? depth + 1 : depth);
  }
}
