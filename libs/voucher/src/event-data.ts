// Converts an event to its stored and published form and back. Replaying the result has the same effect as the event.
import { type ClaimState, type EventData, type EventEntry, type EventType, VERDICTS } from '@vouchers/contracts';
import { EVENT_DATA, remembered, writerOf } from '@vouchers/contracts/schemas';
import type { VoucherEvent } from './decision.ts';
import { claimShown, eventEntry, redemptionShown } from './shown.ts';
import type { ClaimRecord, EntryRecord, RedemptionRecord, Reservation } from './state.ts';
import { rfc3339 } from './time/rfc3339.ts';

/** Fields of the stored form that the event does not have. */
export interface Recording {
  /** The ledger's own clock, Unix milliseconds. */
  decidedAt: number;
  team: string;
  labels: Record<string, string>;
}

/** The stored form of an event. Facts are left out, because they have a column of their own. */
export function encodeEvent(event: VoucherEvent, { decidedAt, team, labels }: Recording): EventData {
  const at = rfc3339(event.at);
  return {
    voucherVersion: event.voucherVersion,
    team,
    labels,
    at,
    occurredAt: event.occurredAt === event.at ? at : rfc3339(event.occurredAt),
    decidedAt: rfc3339(decidedAt),
    userId: event.userId,
    pageSlug: event.pageSlug,
    claim: event.claim && claimShown(event.claim),
    before: event.before,
    endedBy: event.claim?.endedBy,
    redemption: event.redemption && redemptionShown(event.redemption),
    definition: event.definition,
    reason: event.reason,
    comment: event.comment,
    bodyHash: event.bodyHash,
    asker: event.asker,
    by: event.by,
    checks: event.checks,
    followedBy: event.followedBy,
    entry: event.entry && eventEntry(event.entry),
    entryBefore: event.entryBefore,
    why: event.why,
    noticesAt: event.claim?.noticesAt?.map(rfc3339),
    discount: event.discount,
    reservation: reservationShown(event.claim?.lock?.reservation),
    endedReservation: reservationShown(event.endedReservation),
    hold: event.hold,
  };
}

/** The same bytes as `JSON.stringify(data)`, but faster, because every claim needs it. */
export const textOfData = writerOf(EVENT_DATA, {
  team: remembered(),
  labels: remembered(),
  redemption: JSON.stringify,
  definition: JSON.stringify,
  checks: remembered(),
});

/**
 * The event of a stored form, with empty facts. A rebuild sets `facts` from the column and, for a granted claim, also
 * `claim.facts`.
 */
export function decodeEvent(
  type: EventType,
  voucherId: string,
  submissionId: string | undefined,
  data: EventData,
): VoucherEvent {
  return {
    type,
    voucherId,
    voucherVersion: data.voucherVersion,
    at: Date.parse(data.at),
    occurredAt: Date.parse(data.occurredAt),
    submissionId,
    kind: submissionId === undefined ? undefined : VERDICTS.get(type)?.kind,
    userId: data.userId,
    pageSlug: data.pageSlug,
    claim: data.claim && claimRecord(data),
    before: data.before,
    redemption: data.redemption && redemptionRecord(data.redemption),
    definition: data.definition,
    reason: data.reason,
    comment: data.comment,
    bodyHash: data.bodyHash,
    asker: data.asker,
    by: data.by,
    checks: data.checks,
    followedBy: data.followedBy,
    ...(data.entry && { entry: entryRecordOf(data.entry), entryBefore: data.entryBefore, why: data.why }),
    ...(data.discount && { discount: data.discount }),
    ...(data.endedReservation && { endedReservation: reservationOf(data.endedReservation) }),
    ...(data.hold && { hold: true }),
    facts: {},
  };
}

type ReservationShown = NonNullable<EventData['reservation']>;

function reservationShown(reservation: Reservation | undefined): ReservationShown | undefined {
  if (reservation === undefined) return undefined;
  const { lockUntil, ...same } = reservation;
  return { ...same, ...(lockUntil !== undefined && { lockUntil: rfc3339(lockUntil) }) };
}

function reservationOf({ lockUntil, ...same }: ReservationShown): Reservation {
  return { ...same, ...(lockUntil !== undefined && { lockUntil: Date.parse(lockUntil) }) };
}

function lockOf({ claim, reservation }: EventData): NonNullable<ClaimRecord['lock']> {
  const { orderId, until } = claim!.lock!;
  return { orderId, until: Date.parse(until), ...(reservation && { reservation: reservationOf(reservation) }) };
}

function claimRecord(data: EventData): ClaimRecord {
  const { claim, endedBy, noticesAt } = data;
  const { id: claimId, voucherId, voucherVersion, userId, uses, heldAt, useFrom, useUntil, lock, extensions } = claim!;
  const state: ClaimState = claim!.state;
  return {
    claimId,
    voucherId,
    voucherVersion,
    userId,
    state,
    uses,
    heldAt: Date.parse(heldAt),
    useFrom: Date.parse(useFrom),
    useUntil: Date.parse(useUntil),
    ...(lock && { lock: lockOf(data) }),
    ...(endedBy && { endedBy }),
    facts: {},
    ...(noticesAt && { noticesAt: noticesAt.map((at) => Date.parse(at)) }),
    ...(extensions !== undefined && { extensions }),
  };
}

/** The entry of an event in the form that the domain judges. */
export function entryRecordOf({ id: entryId, joinedAt, offer, endedAt, ...same }: EventEntry): EntryRecord {
  return {
    entryId,
    ...same,
    joinedAt: Date.parse(joinedAt),
    ...(offer && { offer: { at: Date.parse(offer.at), until: Date.parse(offer.until) } }),
    ...(endedAt && { endedAt: Date.parse(endedAt) }),
  };
}

function redemptionRecord({
  id: redemptionId,
  claimId,
  voucherId,
  userId,
  order,
  at,
  rolledBackAt,
  discount,
}: NonNullable<EventData['redemption']>): RedemptionRecord {
  return {
    redemptionId,
    claimId,
    voucherId,
    userId,
    order,
    at: Date.parse(at),
    ...(rolledBackAt && { rolledBackAt: Date.parse(rolledBackAt) }),
    ...(discount && { discount }),
  };
}
