// Runs model and decider over one history and reports the first record on which they disagree.
import { isDeepStrictEqual } from 'node:util';
import type { Facts } from '@vouchers/contracts';
import type { ClaimRecord, EntryRecord, RedemptionRecord, Reservation, VoucherEvent } from '@vouchers/voucher';
import { MemoryLedger } from './memory-ledger.ts';
import { countersOf, type ModelClaim, type ModelEntry, type ModelRedemption, type ModelReservation } from './life.ts';
import { VoucherModel, type InputRecord, type ModelEvent } from './model.ts';

export interface Disagreement {
  /** The records up to the one at fault. */
  history: InputRecord[];
  voucherId: string;
  what: string;
  expected: unknown;
  got: unknown;
}

const shown = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

function claimOf(claim: ModelClaim | ClaimRecord): object {
  const { userId, state, uses, heldAt, useFrom, useUntil, lock } = claim;
  return {
    id: 'claimId' in claim ? claim.claimId : claim.id,
    version: 'claimId' in claim ? claim.voucherVersion : claim.version,
    userId,
    state,
    uses,
    heldAt: shown(heldAt),
    useFrom: shown(useFrom),
    useUntil: shown(useUntil),
    lock: lock && { orderId: lock.orderId, until: shown(lock.until), reserved: reservedOf(lock) },
    noticesAt: ('claimId' in claim ? (claim.noticesAt ?? []) : claim.notices).map(shown),
    extensions: claim.extensions ?? 0,
  };
}

type Lock = NonNullable<(ModelClaim | ClaimRecord)['lock']>;

const reservedOf = (lock: Lock): object | undefined =>
  reservationOf('reservation' in lock ? lock.reservation : 'reserved' in lock ? lock.reserved : undefined);

function reservationOf(reservation: Reservation | ModelReservation | undefined): object | undefined {
  if (!reservation) return undefined;
  const { discount, lockUntil } = reservation;
  return {
    call: 'call' in reservation ? reservation.call : reservation.orderCall,
    discount: discount && [discount.amount, discount.currency],
    lockUntil: shown(lockUntil),
  };
}

function redemptionOf(redemption: ModelRedemption | RedemptionRecord): object {
  const { claimId, order, at, rolledBackAt, discount } = redemption;
  const id = 'redemptionId' in redemption ? redemption.redemptionId : redemption.id;
  return { id, claimId, order, at: shown(at), rolledBackAt: shown(rolledBackAt), discount };
}

function entryOf(entry: ModelEntry | EntryRecord): object {
  const { userId, state, rank, joinedAt, offer, endedAt } = entry;
  return {
    id: 'entryId' in entry ? entry.entryId : entry.id,
    version: 'entryId' in entry ? entry.voucherVersion : entry.version,
    userId,
    state,
    rank,
    joinedAt: shown(joinedAt),
    offer: offer && [shown(offer.at), shown(offer.until)],
    endedAt: shown(endedAt),
  };
}

/** Facts by attribute name, sorted by name. */
function factsOf(facts: Facts): [name: string, value: unknown][] {
  const named = Object.entries(facts).map(([name, value]): [string, unknown] => [name.replace(/^user\./, ''), value]);
  return named.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The compared fields of an event of model or decider. */
function eventOf(event: ModelEvent | VoucherEvent): object {
  const { type, at, occurredAt, submissionId, userId, reason, why } = event;
  const entry: ModelEntry | EntryRecord | undefined = event.entry;
  const redemption: ModelRedemption | RedemptionRecord | undefined = event.redemption;
  const refused = reason !== undefined;
  return {
    type,
    at: shown(at),
    occurredAt: shown(occurredAt),
    submissionId,
    reason,
    userId,
    version: 'voucherVersion' in event ? event.voucherVersion : event.version,
    claim: event.claim && !refused ? claimOf(event.claim) : undefined,
    redemption: redemption && !refused ? redemptionOf(redemption) : undefined,
    entry: entry && !refused ? entryOf(entry) : undefined,
    why,
    discount: event.discount,
    ended: reservationOf('wasReserved' in event ? event.wasReserved : (event as VoucherEvent).endedReservation),
    facts: event.facts && factsOf(event.facts),
  };
}

/** Checks the trace of a verdict: all checks passed, or the last one failed and has the reason's name. */
function traceFault({ checks, reason, submissionId, type }: VoucherEvent): string | undefined {
  if (!submissionId || type === 'voucher.pushed.v1' || reason === 'unreadable') return undefined;
  const names = (checks ?? []).map(({ check, passed }) => `${check}: ${passed}`);
  const wanted = (checks ?? []).map(({ check }, index) => `${check}: ${!(reason && index === checks!.length - 1)}`);
  if (!isDeepStrictEqual(names, wanted) || (reason && checks?.at(-1)?.check !== reason))
    return names.join(', ') || 'no trace';
  return undefined;
}

/** The number of events that follow the verdict of a record, and the number that it tells, if they differ. */
function followingFault(events: readonly VoucherEvent[]): [expected: number, got: number] | undefined {
  const verdict = events.findIndex(({ submissionId }) => submissionId !== undefined);
  const [expected, got] = [events.length - 1 - verdict, events[verdict]?.followedBy ?? 0];
  return verdict !== -1 && expected !== got ? [expected, got] : undefined;
}

/** Runs both over `history`. Undefined if they agree. */
export function compare(
  history: InputRecord[],
  seen: (event: VoucherEvent) => void = () => {},
): Disagreement | undefined {
  const models = new Map<string, VoucherModel>();
  const ledger = new MemoryLedger();
  for (const [index, record] of history.entries()) {
    const ids = record.type === 'tick' ? [...models.keys()].sort() : [record.value.voucherId];
    for (const voucherId of ids) {
      const fault = (what: string, expected: unknown, got: unknown): Disagreement => ({
        history: history.slice(0, index + 1),
        voucherId,
        what,
        expected,
        got,
      });
      const model = models.get(voucherId) ?? new VoucherModel(voucherId);
      models.set(voucherId, model);
      const told = model.take(record);
      let events: VoucherEvent[];
      try {
        events = ledger.take(voucherId, record);
      } catch (error) {
        return fault('an exception', told.map(eventOf), error);
      }
      events.forEach(seen);
      const expected = told.map(eventOf);
      const got = events.map(eventOf);
      if (!isDeepStrictEqual(expected, got)) return fault('events', expected, got);
      for (const event of events) {
        const trace = traceFault(event);
        if (trace) return fault('trace', event.reason ?? 'all passed', trace);
      }
      const following = followingFault(events);
      if (following) return fault('followedBy', ...following);
      const counters = model.life.inForce && countersOf(model.life);
      const counted = ledger.counters(voucherId);
      if (!isDeepStrictEqual(counters, counted)) return fault('counters', counters, counted);
      const refused = ledger.refusedPushes(voucherId);
      if (!isDeepStrictEqual(model.refusedPushes, refused))
        return fault('refused pushes', model.refusedPushes, refused);
    }
  }
  return undefined;
}

/** Leaves out records that the disagreement does not need. */
export function shrink(history: InputRecord[]): InputRecord[] {
  let least = compare(history)?.history ?? history;
  for (let size = Math.ceil(least.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = least.length - size; from >= 0; from -= size) {
      const fewer = [...least.slice(0, from), ...least.slice(from + size)];
      const fault = compare(fewer);
      if (fault) least = fault.history;
    }
  }
  return least;
}

/** A disagreement as text for people. */
export function tell({ history, voucherId, what, expected, got }: Disagreement): string {
  const lines = history.map((record) => `${shown(record.brokerTime)} ${record.type} ${JSON.stringify(record.value)}`);
  const side = (value: unknown): string =>
    value instanceof Error ? String(value.stack) : JSON.stringify(value, null, 1);
  return [...lines, `${voucherId}, ${what}: the model says`, side(expected), 'the decider says', side(got)].join('\n');
}
