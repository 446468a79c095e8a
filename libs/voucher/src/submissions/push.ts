// A page with the voucher's module reached a user for the first time.
import type { PushSubmission } from '@vouchers/contracts';
import { MAY_BE_ENABLED, MAY_BE_GIVEN } from '../life.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { Verdict } from './verdict.ts';

const judge = judgeBy(MAY_BE_GIVEN);

/** `now`, or could it `ever` be granted at this time, whatever the enable node says? One that is not granted is nothing at all. */
export function mayBePushed(proceedings: Proceedings, { userId }: PushSubmission, when: 'now' | 'ever'): boolean {
  const { voucher, terms, at, context } = proceedings;
  const quantity = voucher.definition.spec.quantities.push;
  if (quantity !== null && voucher.counters.pushed >= quantity) return false;
  const rules = when === 'now' ? MAY_BE_GIVEN : MAY_BE_ENABLED;
  return rules.every((rule) => rule.holds({ voucher, terms, at })) && !context.user(userId).pushed;
}

export function push({ voucher, terms, at }: Proceedings, { userId, pageSlug }: PushSubmission): Verdict {
  return { judgement: judge({ voucher, terms, at }), userId, pageSlug };
}
