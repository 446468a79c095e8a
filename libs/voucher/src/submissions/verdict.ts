import type { VoucherEvent } from '../decision.ts';
import type { Judgement } from '../rules.ts';

/** What a kind of submission comes to: the judgement, and the claim and redemption as they are after it. */
export type Verdict = { judgement: Judgement } & Pick<
  VoucherEvent,
  'userId' | 'pageSlug' | 'claim' | 'before' | 'redemption' | 'comment' | 'facts'
>;
