import type { VoucherEvent } from '../decision.ts';
import type { Judgement } from '../rules.ts';

/** The judgement of a submission, with the claim, redemption and entry after it. */
export type JudgedSubmission = { judgement: Judgement } & Pick<
  VoucherEvent,
  'userId' | 'pageSlug' | 'claim' | 'before' | 'redemption' | 'comment' | 'facts' | 'entry' | 'entryBefore'
>;
