import type { RecordKind, WorldRecord } from '@vouchers/event-store/history';
import {
  dueAt,
  isRevocable,
  type ClaimRecord,
  type EntryRecord,
  type RedemptionRecord,
  type UserRecord,
} from '@vouchers/voucher';

/** The records that changed since the last write. */
export class UnwrittenRecords {
  readonly claims = new Map<string, ClaimRecord>();
  readonly redemptions = new Map<string, RedemptionRecord>();
  readonly entries = new Map<string, EntryRecord>();
  readonly users = new Map<string, UserRecord>();

  get size(): number {
    return this.claims.size + this.redemptions.size + this.entries.size + this.users.size;
  }

  records(): WorldRecord[] {
    return [
      ...[...this.claims.values()].map(claimRow),
      ...[...this.redemptions.values()].map((record) => row('redemption', record.redemptionId, record)),
      ...[...this.entries.values()].map(entryRow),
      ...[...this.users].map(([userId, user]) => userRow(userId, user)),
    ];
  }
}

export const isLiveEntry = ({ state }: EntryRecord): boolean => state === 'waiting' || state === 'offered';

function row(kind: RecordKind, id: string, record: object): WorldRecord {
  const nothing = { due: null, live: false, userId: null, rank: null, number: null };
  return { kind, id, value: JSON.stringify(record), ...nothing };
}

export const userRow = (userId: string, user: UserRecord): WorldRecord => row('user', userId, user);

const claimRow = (claim: ClaimRecord): WorldRecord => ({
  ...row('claim', claim.claimId, claim),
  due: dueAt(claim) ?? null,
  live: isRevocable(claim),
});

function entryRow(entry: EntryRecord): WorldRecord {
  const { state, offer, userId, rank, number } = entry;
  return {
    ...row('entry', entry.entryId, entry),
    ...(state === 'offered' && { due: offer!.until, live: true }),
    ...(isLiveEntry(entry) && { userId }),
    ...(state === 'waiting' && { rank, number }),
  };
}
