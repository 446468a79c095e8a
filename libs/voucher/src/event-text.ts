// The JSON of an event, composed by hand: most of it is the same in every event, and it is written for every claim.
import type { VoucherEvent } from './decision.ts';
import type { Recording } from './event-data.ts';
import { redemptionShown } from './shown.ts';
import type { ClaimRecord } from './state.ts';
import { rfc3339 } from './time/rfc3339.ts';

/** Exactly `JSON.stringify(encodeEvent(event, recording))`. */
export function eventText(event: VoucherEvent, { decidedAt, team, labels }: Recording): string {
  const { claim, redemption } = event;
  const at = rfc3339(event.at);
  const occurredAt = event.occurredAt === event.at ? at : rfc3339(event.occurredAt);
  let text = `{"voucherVersion":${event.voucherVersion}${teamMember(team)}${labelsMember(labels)},"at":"${at}`;
  text += `","occurredAt":"${occurredAt}","decidedAt":"${rfc3339(decidedAt)}"`;
  const userId = event.userId === undefined ? '' : `,"userId":${JSON.stringify(event.userId)}`;
  text += userId;
  if (event.pageSlug !== undefined) text += pageMember(event.pageSlug);
  if (claim) text += claimMember(claim, claim.userId === event.userId ? userId : member('userId', claim.userId));
  if (event.before !== undefined) text += member('before', event.before);
  if (claim?.endedBy !== undefined) text += member('endedBy', claim.endedBy);
  if (redemption) text += member('redemption', redemptionShown(redemption));
  if (event.definition) text += member('definition', event.definition);
  if (event.reason !== undefined) text += member('reason', event.reason);
  if (event.comment !== undefined) text += member('comment', event.comment);
  if (event.bodyHash !== undefined) text += member('bodyHash', event.bodyHash);
  if (event.asker !== undefined) text += member('asker', event.asker);
  if (event.checks) text += checksMember(event.checks);
  if (event.followedBy !== undefined) text += member('followedBy', event.followedBy);
  return text + '}';
}

/** As `claimShown`. */
function claimMember(claim: ClaimRecord, userId: string): string {
  const { claimId, voucherId, voucherVersion, state, uses, heldAt, useFrom, useUntil, lock } = claim;
  let text = `,"claim":{"id":${JSON.stringify(claimId)},"voucherId":${JSON.stringify(voucherId)}`;
  text += `,"voucherVersion":${voucherVersion}${userId},"state":"${state}","uses":${uses},"heldAt":"${rfc3339(heldAt)}`;
  text += `","useFrom":"${rfc3339(useFrom)}","useUntil":"${rfc3339(useUntil)}"`;
  if (lock) text += member('lock', { orderId: lock.orderId, until: rfc3339(lock.until) });
  return text + '}';
}

const member = (name: string, value: unknown): string => `,"${name}":${JSON.stringify(value)}`;

/** A member whose value is mostly the very same as that of the event before. */
function memberLike(name: string): (value: unknown) => string {
  let last: unknown;
  let text = '';
  return (value) => {
    if (value !== last) [last, text] = [value, member(name, value)];
    return text;
  };
}
const teamMember = memberLike('team');
const labelsMember = memberLike('labels');
const pageMember = memberLike('pageSlug');
const checksMember = memberLike('checks');
