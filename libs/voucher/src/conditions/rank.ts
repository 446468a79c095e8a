// The rank of a waiting list: a CEL expression that is parsed once and evaluated at each joining.
import { ENVIRONMENTS } from './environment.ts';
import { told } from './condition.ts';
import { costOf, type Sizes } from './cost.ts';
import { attributesIn } from './names-in.ts';
import { type Occasion, Scope } from './scope.ts';

/** The highest rank, and the lowest without its sign. */
const BOUND = 1_000;

export interface RankOf {
  /** A whole number within the bounds. If it cannot be evaluated, it is 0 and `fault` says why. */
  of(occasion: Occasion): { rank: number; fault?: string };
  /** The user attributes that it names, without `id`. */
  attributes: readonly string[];
  /** The most steps that an evaluation takes. */
  cost(sizes: Sizes): number;
}

/** A rank that cannot be parsed is 0. It is refused when it is saved. */
export function rankOf(text: string): RankOf {
  if (text === '0') return { of: () => ({ rank: 0 }), attributes: [], cost: () => 0 };
  try {
    const evaluate = ENVIRONMENTS.claim.parse(text);
    const attributes = attributesIn(evaluate.ast);
    return {
      attributes,
      cost: (sizes) => costOf(evaluate.ast, sizes),
      of(occasion) {
        const scope = new Scope(occasion, attributes);
        try {
          return within(evaluate(scope));
        } catch (error) {
          for (const mark of scope.unkept ?? []) mark.ranked = true;
          return { rank: 0, fault: `cannot be evaluated: ${told(error)}` };
        }
      },
    };
  } catch {
    return { of: () => ({ rank: 0, fault: 'cannot be read' }), attributes: [], cost: () => 0 };
  }
}

function within(given: unknown): { rank: number; fault?: string } {
  const number = typeof given === 'number' ? given : isWhole(given) ? Number(given.valueOf()) : NaN;
  if (Number.isNaN(number)) return { rank: 0, fault: 'gives no number' };
  // `+ 0` makes 0 of -0.
  return { rank: Math.min(BOUND, Math.max(-BOUND, Math.floor(number))) + 0 };
}

/** Whether it is an int or an uint of CEL. */
const isWhole = (given: unknown): given is bigint | { valueOf(): bigint } =>
  typeof given === 'bigint' || (typeof given === 'object' && given !== null && typeof given.valueOf() === 'bigint');
