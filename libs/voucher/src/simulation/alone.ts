// Judges one submission alone by the new spec, on the state that history had at that moment.
import type { Definition, Facts, Reason, Submission } from '@vouchers/contracts';
import type { Knowledge } from '../knowledge.ts';
import { Proceedings } from '../proceedings.ts';
import { giveVerdict } from '../submissions/give-verdict.ts';
import { pushRefusal } from '../submissions/push.ts';
import type { Marks, SimulatedWorld } from './simulated-world.ts';

/**
 * The reason for which the submission is refused, `granted`, or undefined if that needs something that was not kept.
 * @param history the world as it was, right before the submission, with all that was due
 * @param definition the one in force in the world as it would have been
 * @param facts of the claim, as they would have been kept
 */
export function judgeAlone(
  history: SimulatedWorld,
  definition: Definition,
  submission: Submission,
  { at, facts, marks }: { at: number; facts?: Facts; marks: Marks },
): Promise<Reason | 'granted' | undefined> {
  const voucher = { ...history.voucher!, definition };
  const knowledge: Knowledge = {
    ...history.knowledge,
    claim: (id) => {
      const claim = history.knowledge.claim(id);
      return claim && facts ? { ...claim, facts } : claim;
    },
  };
  return history.knowing(() => {
    marks.clear();
    const proceedings = new Proceedings(voucher, knowledge, at);
    if (submission.kind === 'push') return (pushRefusal(proceedings, 'now') as Reason | undefined) ?? 'granted';
    giveVerdict(proceedings, submission);
    const { reason } = proceedings.events[0]!;
    return marks.named('needed').length > 0 ? undefined : (reason ?? 'granted');
  });
}
