// The batch is committed, but the answer does not reach the ledger. Only the cursor shows the commit.
import type { Fault } from './fault.ts';
import { append, projection } from './seen.ts';

export const COMMIT_ANSWER_LOST: Fault = {
  name: 'commit-answer-lost',
  title: 'the answer to a COMMIT of the ledger, then of page-delivery, is cut off, three times each',
  inject: async ({ links, load }) => {
    for (let time = 0; time < 3; time += 1) {
      (await links.ledger.postgres.holdAnswerTo(append)).drop();
      (await links['page-delivery'].postgres.holdAnswerTo(projection)).drop();
      await load.more(15);
    }
  },
};
