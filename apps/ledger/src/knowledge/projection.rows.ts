// Converts the domain's records to rows and back. A restart loads exactly the state that was in memory.
import type { ClaimRow, EntryRow, RedemptionRow, VoucherRow } from '@vouchers/event-store';
import {
  countsToStore,
  dueAt,
  freeUnits,
  storedCounts,
  type ClaimRecord,
  type EntryRecord,
  type RedemptionRecord,
  type Reservation,
  type VoucherState,
} from '@vouchers/voucher';
import type { Definition, Discount, Facts, Order } from '@vouchers/contracts';
import type { KnownClaim } from './known.claim.ts';

const NOTHING = '{}';
const NO_MORE: More = {};

export function textBeside(beside: object): string {
  for (const _ in beside) return JSON.stringify(beside);
  return NOTHING;
}

/** @param definitionChanged false if the row keeps its definition */
export function voucherRow(state: VoucherState, wakeAt: number | null, definitionChanged: boolean): VoucherRow {
  return {
    voucherId: state.voucherId,
    status: state.status,
    enabled: state.enabled,
    revoking: state.revoking,
    offering: state.offering === true,
    time: state.time,
    lastVersion: state.lastVersion,
    lastVerdict: state.lastVerdict ?? null,
    headSeq: state.head.seq,
    headAt: state.head.at,
    free: freeUnits(state),
    counters: JSON.stringify(countsToStore(state.counters)),
    definition: definitionChanged ? JSON.stringify(state.definition) : null,
    labels: definitionChanged ? JSON.stringify(state.definition.spec.labels) : null,
    wakeAt,
  };
}

export function voucherState(row: VoucherRow & { definition: string }): VoucherState {
  return {
    voucherId: row.voucherId,
    definition: JSON.parse(row.definition) as Definition,
    lastVersion: row.lastVersion,
    status: row.status as VoucherState['status'],
    enabled: row.enabled,
    revoking: row.revoking,
    ...(row.offering && { offering: true }),
    time: row.time,
    ...(row.lastVerdict && { lastVerdict: row.lastVerdict }),
    head: { seq: row.headSeq, at: row.headAt },
    counters: storedCounts(JSON.parse(row.counters) as VoucherState['counters']),
  };
}

export function claimRow({ record, claimedSeq }: KnownClaim): ClaimRow {
  const { lock, endedBy } = record;
  return {
    claimId: record.claimId,
    voucherId: record.voucherId,
    voucherVersion: record.voucherVersion,
    userId: record.userId,
    state: record.state,
    uses: record.uses,
    heldAt: record.heldAt,
    useFrom: record.useFrom,
    useUntil: record.useUntil,
    lockOrderId: lock?.orderId ?? null,
    lockUntil: lock?.until ?? null,
    endedBy: endedBy ?? null,
    dueAt: dueAt(record) ?? null,
    claimedSeq,
    facts: textBeside(record.facts),
    more: moreOf(record),
  };
}

/** The fields that few claims have. */
function moreOf({ noticesAt, extensions, lock }: ClaimRecord): string | null {
  const more: More = { noticesAt, extensions, reservation: lock?.reservation };
  const hasMore = noticesAt !== undefined || extensions !== undefined || more.reservation !== undefined;
  return hasMore ? JSON.stringify(more) : null;
}

type More = Pick<ClaimRecord, 'noticesAt' | 'extensions'> & { reservation?: Reservation };

export function entryRow(record: EntryRecord, joinedSeq: number): EntryRow {
  const { offer, endedAt, ...same } = record;
  return {
    ...same,
    joinedSeq,
    offerAt: offer?.at ?? null,
    offerUntil: offer?.until ?? null,
    endedAt: endedAt ?? null,
  };
}

export function entryRecord(row: EntryRow): EntryRecord {
  const { joinedSeq: _, offerAt, offerUntil, endedAt, ...same } = row;
  return {
    ...same,
    ...(offerAt !== null && { offer: { at: offerAt, until: offerUntil! } }),
    ...(endedAt !== null && { endedAt }),
  };
}

export function knownClaim(row: ClaimRow): KnownClaim {
  const { lockOrderId, lockUntil, endedBy, dueAt: _, claimedSeq, facts, more, ...same } = row;
  const { reservation, ...others } = more === null ? NO_MORE : (JSON.parse(more) as More);
  return {
    record: {
      ...same,
      ...(lockOrderId !== null && {
        lock: { orderId: lockOrderId, until: lockUntil!, ...(reservation && { reservation }) },
      }),
      ...(endedBy !== null && { endedBy: endedBy as KnownClaim['record']['endedBy'] }),
      facts: JSON.parse(facts) as Facts,
      ...others,
    },
    claimedSeq,
  };
}

export function redemptionRow(record: RedemptionRecord): RedemptionRow {
  const { order, rolledBackAt = null, discount } = record;
  return {
    ...record,
    order: JSON.stringify(order),
    rolledBackAt,
    discount: discount === undefined ? null : JSON.stringify(discount),
  };
}

export function redemptionRecord(row: RedemptionRow): RedemptionRecord {
  const { rolledBackAt, order, discount, ...same } = row;
  return {
    ...same,
    order: JSON.parse(order) as Order,
    ...(rolledBackAt !== null && { rolledBackAt }),
    ...(discount !== null && { discount: JSON.parse(discount) as Discount }),
  };
}

/** Entries of Postgres with the changes of unwritten batches. */
export function newestEntries(rows: readonly EntryRow[], unwritten: ReadonlyMap<string, EntryRecord>): EntryRecord[] {
  const entries = new Map(rows.map((row) => [row.entryId, entryRecord(row)]));
  for (const [entryId, entry] of unwritten) entries.set(entryId, entry);
  return [...entries.values()];
}
