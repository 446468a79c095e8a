// Judges a submission by a list of rules. The first rule that does not hold gives the reason.
import type { Check, Reason } from '@vouchers/contracts';

export interface Rule<Context, Name extends string = Reason> {
  /** The name of the check, and the reason if it fails. */
  check: Name;
  holds(context: Context): boolean;
  /** The detail if the rule does not hold: the nearest change that would make it hold. */
  why?(context: Context): string | undefined;
  /** The detail if the rule holds. */
  note?(context: Context): string | undefined;
}

/** A real or predicted decision with its checks. */
export interface Judgement<Name extends string = Reason> {
  verdict: 'granted' | 'refused';
  reason?: Name;
  checks: Check[];
}

export type Judge<Context, Name extends string = Reason> = (context: Context) => Judgement<Name>;

/** A judge by these rules, in this order. If no rule has a note, all granted judgements share one object. */
export function judgeBy<Context, Name extends string = Reason>(
  rules: readonly Rule<Context, Name>[],
): Judge<Context, Name> {
  const allPassed = rules.map(({ check }): Check => ({ check, passed: true }));
  const granted: Judgement<Name> = { verdict: 'granted', checks: allPassed };
  const noted = rules.some((rule) => rule.note);

  const passed = (context: Context, count: number): Check[] =>
    noted
      ? allPassed.slice(0, count).map((check, at) => withDetail(check, rules[at]!.note?.(context)))
      : allPassed.slice(0, count);

  return (context) => {
    const failing = rules.findIndex((rule) => !rule.holds(context));
    if (failing === -1) return noted ? { verdict: 'granted', checks: passed(context, rules.length) } : granted;
    const { check, why } = rules[failing]!;
    const failed = withDetail({ check, passed: false }, why?.(context));
    return { verdict: 'refused', reason: check, checks: [...passed(context, failing), failed] };
  };
}

function withDetail(check: Check, detail: string | undefined): Check {
  return detail === undefined ? check : { ...check, detail };
}
