// A submission is judged by a list of rules: the first that does not hold is the reason.
import type { Check, Reason } from '@vouchers/contracts';

export interface Rule<Asked> {
  /** The reason of a refusal, and the name of the check. */
  check: Reason;
  holds(asked: Asked): boolean;
  /** Of one that does not hold: the nearest change that would flip it. */
  why?(asked: Asked): string | undefined;
  /** Of one that holds: what it rests on, if that is to be seen. */
  note?(asked: Asked): string | undefined;
}

/** A decision as it would be. */
export interface Judgement {
  verdict: 'granted' | 'refused';
  reason?: Reason;
  checks: Check[];
}

export type Judge<Asked> = (asked: Asked) => Judgement;

/** The judge by these rules, in their order. Where all hold and none has a note, every judgement is one and the same object. */
export function judgeBy<Asked>(rules: readonly Rule<Asked>[]): Judge<Asked> {
  const allPassed = rules.map(({ check }): Check => ({ check, passed: true }));
  const granted: Judgement = { verdict: 'granted', checks: allPassed };
  const noted = rules.some((rule) => rule.note);

  const passed = (asked: Asked, count: number): Check[] =>
    noted
      ? allPassed.slice(0, count).map((check, at) => withDetail(check, rules[at]!.note?.(asked)))
      : allPassed.slice(0, count);

  return (asked) => {
    const failing = rules.findIndex((rule) => !rule.holds(asked));
    if (failing === -1) return noted ? { verdict: 'granted', checks: passed(asked, rules.length) } : granted;
    const { check, why } = rules[failing]!;
    const failed = withDetail({ check, passed: false }, why?.(asked));
    return { verdict: 'refused', reason: check, checks: [...passed(asked, failing), failed] };
  };
}

function withDetail(check: Check, detail: string | undefined): Check {
  return detail === undefined ? check : { ...check, detail };
}
