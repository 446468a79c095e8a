import type { VoucherEvent } from '../decision.ts';
import type { Judgement } from '../rules.ts';

/** How a submission is judged. */
export interface Judging {
  /**
   * Only what cannot be given otherwise refuses it: units, uses and money that are not left, and the claim's state. For
   * simulations of a grant whose rules ask for what was not kept.
   */
  stays?: boolean;
}

/** The judgement of a submission, with the claim, redemption and entry after it. */
export type JudgedSubmission = { judgement: Judgement } & Pick<
  VoucherEvent,
  | 'userId'
  | 'pageSlug'
  | 'claim'
  | 'before'
  | 'redemption'
  | 'comment'
  | 'facts'
  | 'entry'
  | 'entryBefore'
  | 'discount'
  | 'endedReservation'
  | 'hold'
>;
