// Decides a leaving: a user gives up a place on the waiting list, or an offer.
import type { LeaveSubmission } from '@vouchers/contracts';
import { entryEnded } from '../offers.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { EntryRecord } from '../state.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = judgeBy<{ entry: EntryRecord | undefined }>([
  { check: 'not-waiting', holds: ({ entry }) => entry !== undefined },
]);

export function leave(proceedings: Proceedings, { userId }: LeaveSubmission): JudgedSubmission {
  const entry = proceedings.entryOf(userId);
  const judgement = judge({ entry });
  if (entry === undefined) return { judgement, userId };
  return { judgement, userId, entry: entryEnded(entry, 'left', proceedings.at), entryBefore: entry.state };
}
