// The things that the submissions of a page ask about, so that they are loaded together.
import type { Knowledge, Need } from '../knowledge.ts';
import type { RecordedEvent } from './question.ts';

/** The needs that are not known yet. Decisions load whatever else they need when they are made. */
export function needsOfPage(events: readonly RecordedEvent[], knowledge: Knowledge): Need[] {
  const [claims, redemptions, users] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { submissionId, kind, claim, redemption, userId, submission } of events) {
    if (submissionId === undefined) continue;
    const claimId = submission?.claimId ?? claim?.claimId;
    if (claimId !== undefined && kind !== 'claim') claims.add(claimId);
    if (redemption && kind === 'rollback') redemptions.add(redemption.redemptionId);
    if (userId !== undefined) users.add(userId);
  }
  const needs: Need[] = [];
  for (const id of claims) if (knowledge.claim(id) === undefined) needs.push({ what: 'claim', id });
  for (const id of redemptions) if (knowledge.redemption(id) === undefined) needs.push({ what: 'redemption', id });
  for (const id of users) if (!knowledge.knowsUser(id)) needs.push({ what: 'user', id });
  return needs;
}
