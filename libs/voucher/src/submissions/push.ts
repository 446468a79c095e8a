// Decides a push: a page with the voucher's module was shown to a user.
import type { PushReason, PushSubmission } from '@vouchers/contracts';
import { MAY_BE_ENABLED, MAY_BE_GIVEN } from '../life.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = judgeBy(MAY_BE_GIVEN);

/** Whether the voucher was pushed to the user before. A voucher is pushed to a user only once. */
export function isRepeated(proceedings: Proceedings, { userId }: PushSubmission): boolean {
  return proceedings.user(userId).pushed;
}

/** The reason why the push is refused, if it is. With `ever` the enable node is ignored. */
export function pushRefusal({ voucher, terms, at }: Proceedings, when: 'now' | 'ever'): PushReason | undefined {
  const rules = when === 'now' ? MAY_BE_GIVEN : MAY_BE_ENABLED;
  const failing = rules.find((rule) => !rule.holds({ voucher, terms, at }));
  if (failing) return failing.check as PushReason;
  const quantity = voucher.definition.spec.quantities.push;
  return quantity !== null && voucher.counters.pushed >= quantity ? 'push-quantity-reached' : undefined;
}

export function push({ voucher, terms, at }: Proceedings, { userId, pageSlug }: PushSubmission): JudgedSubmission {
  return { judgement: judge({ voucher, terms, at }), userId, pageSlug };
}
