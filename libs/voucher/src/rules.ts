// Judges a submission by a list of rules. The first rule that does not hold gives the reason.
import type { Check, Reason } from '@vouchers/contracts';

export interface Rule<Context> {
  /** The name of the check, and the reason if it fails. */
  check: Reason;
  holds(context: Context): boolean;
  /** The detail if the rule does not hold: the nearest change that would make it hold. */
  why?(context: Context): string | undefined;
  /** The detail if the rule holds. */
  note?(context: Context): string | undefined;
}

/** A real or predicted decision with its checks. */
export interface Judgement {
  verdict: 'granted' | 'refused';
  reason?: Reason;
  checks: Check[];
}

export type Judge<Context> = (context: Context) => Judgement;

/**
 * A judge by these rules, in this order. Granted judgements without a note share one object: writers and hashes then
 * remember its text, which costs more than the judgement itself.
 */
export function judgeBy<Context>(rules: readonly Rule<Context>[]): Judge<Context> {
  const allPassed = rules.map(({ check }): Check => ({ check, passed: true }));
  const granted: Judgement = { verdict: 'granted', checks: allPassed };
  const notes = rules.flatMap(({ note }) => (note ? [note] : []));

  const passed = (context: Context, count: number): Check[] =>
    notes.length > 0
      ? allPassed.slice(0, count).map((check, at) => withDetail(check, rules[at]!.note?.(context)))
      : allPassed.slice(0, count);

  return (context) => {
    const failing = rules.findIndex((rule) => !rule.holds(context));
    if (failing === -1) {
      const isNoted = notes.some((note) => note(context) !== undefined);
      return isNoted ? { verdict: 'granted', checks: passed(context, rules.length) } : granted;
    }
    const { check, why } = rules[failing]!;
    const failed = withDetail({ check, passed: false }, why?.(context));
    return { verdict: 'refused', reason: check, checks: [...passed(context, failing), failed] };
  };
}

function withDetail(check: Check, detail: string | undefined): Check {
  return detail === undefined ? check : { ...check, detail };
}
