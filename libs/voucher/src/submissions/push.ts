// A page with the voucher's module reached a user for the first time.
import type { PushReason, PushSubmission } from '@vouchers/contracts';
import { MAY_BE_ENABLED, MAY_BE_GIVEN } from '../life.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { Verdict } from './verdict.ts';

const judge = judgeBy(MAY_BE_GIVEN);

/** Whether the voucher was pushed to the user before. Once is for ever. */
export function isRepeated(proceedings: Proceedings, { userId }: PushSubmission): boolean {
  return proceedings.user(userId).pushed;
}

/** Why it is refused `now`, or at this time whatever the enable node says (`ever`); undefined if it is not refused. */
export function pushRefusal({ voucher, terms, at }: Proceedings, when: 'now' | 'ever'): PushReason | undefined {
  const rules = when === 'now' ? MAY_BE_GIVEN : MAY_BE_ENABLED;
  const failing = rules.find((rule) => !rule.holds({ voucher, terms, at }));
  if (failing) return failing.check as PushReason;
  const quantity = voucher.definition.spec.quantities.push;
  return quantity !== null && voucher.counters.pushed >= quantity ? 'push-quantity-reached' : undefined;
}

export function push({ voucher, terms, at }: Proceedings, { userId, pageSlug }: PushSubmission): Verdict {
  return { judgement: judge({ voucher, terms, at }), userId, pageSlug };
}
