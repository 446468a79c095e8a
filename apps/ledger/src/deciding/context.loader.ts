// Brings from Postgres what memory lacks, for a whole batch in a few queries, and for most batches in none.
import { setImmediate } from 'node:timers/promises';
import { partitionOf } from '@vouchers/contracts';
import type { ContextReader } from '@vouchers/event-store';
import { noLack, type BatchContext, type Lack } from './batch.context.ts';
import { DUE_LOADED, DueClaims } from './due.claims.ts';
import type { KnownVoucher, PartitionMemory } from './partition.memory.ts';
import { knownClaim, redemptionRecord, voucherState } from './projection.rows.ts';
import type { Reading } from './submission.reader.ts';
import { VoucherUsers } from './voucher.users.ts';

/** Held and locked claims loaded at once while a termination takes them back. */
const LIVE_LOADED = 20_000;
/** A voucher's users come in pages; beyond so many they are kept as a filter from the start. */
const USERS_LOADED = 20_000;
const USERS_EXACT = 250_000;
const USER_IDS_LOADED = 50_000;

/** A voucher that a tick is for. */
export interface Woken {
  type: 'voucher';
  voucherId: string;
}

export class ContextLoader {
  constructor(
    private readonly partition: number,
    private readonly memory: PartitionMemory,
    private readonly reader: ContextReader,
  ) {}

  /** All that these records are likely to ask for. */
  async prepare(readings: readonly (Reading | Woken)[], context: BatchContext): Promise<void> {
    await this.loadVouchers(readings);
    const wanted = noLack();
    for (const reading of readings) {
      if (reading.type !== 'submission') continue;
      const { value } = reading;
      if ('redemptionId' in value && value.kind === 'rollback') wanted.redemptionIds.add(value.redemptionId);
      if ('claimId' in value && value.kind !== 'claim') wanted.claimIds.add(value.claimId);
    }
    await this.loadClaims(wanted, context);
    for (const reading of readings) {
      if (reading.type !== 'submission') continue;
      const { value, voucherId } = reading;
      const userId = value.kind === 'push' || value.kind === 'claim' ? value.userId : this.userOfReturned(value);
      if (userId !== undefined) wanted.users.push({ voucherId, userId });
    }
    await this.loadUsers(wanted.users);
  }

  /** Exactly what a decision asked for in vain. Due and live claims only when nothing is unwritten. */
  async fill(lack: Lack, context: BatchContext): Promise<void> {
    await this.loadClaims(lack, context);
    await this.loadUsers(lack.users);
    await this.loadDecided(lack.submissions, context);
    for (const { due, voucherId } of lack.due) {
      due.refill((await this.reader.firstDue(this.partition, voucherId, DUE_LOADED)).map(knownClaim));
    }
    for (const voucher of lack.live) {
      const rows = await this.reader.live(this.partition, voucher.voucherId, LIVE_LOADED);
      const claims = new Map(rows.map((row) => [row.claimId, knownClaim(row)]));
      voucher.live = { claims, complete: rows.length < LIVE_LOADED };
    }
  }

  /** Which of these submissions were decided. Only when nothing is unwritten. */
  async loadDecided(submissionIds: Iterable<string>, { decided }: BatchContext): Promise<void> {
    const unasked = [...submissionIds].filter((id) => !decided.has(id));
    if (unasked.length === 0) return;
    const known = await this.reader.decided(this.partition, unasked);
    for (const id of unasked) decided.set(id, known.has(id));
  }

  private async loadVouchers(readings: readonly (Reading | Woken)[]): Promise<void> {
    const { vouchers, budget } = this.memory;
    const missing = new Set<string>();
    for (const reading of readings) {
      if (!('voucherId' in reading) || reading.voucherId === undefined) continue;
      const known = vouchers.get(reading.voucherId);
      if (known) this.memory.use(known);
      else missing.add(reading.voucherId);
    }
    if (missing.size === 0) return;
    const same = { definitionChanged: false, eventsSinceCheckpoint: 0, usedIn: this.memory.batch };
    for (const row of await this.reader.vouchers(this.partition, [...missing])) {
      missing.delete(row.voucherId);
      const due = new DueClaims(row.firstDueAt);
      vouchers.set(row.voucherId, {
        voucherId: row.voucherId,
        state: voucherState(row),
        users: undefined,
        due,
        ...same,
      });
    }
    for (const voucherId of missing) {
      // Never defined, so it has no users either.
      const users = new VoucherUsers(budget);
      vouchers.set(voucherId, { voucherId, state: undefined, users, due: new DueClaims(null), ...same });
    }
  }

  /** What is given back unused no longer counts against its user: the count must be known. */
  private userOfReturned(value: { kind: string; claimId?: string }): string | undefined {
    if (value.kind !== 'release' && value.kind !== 'rollback') return undefined;
    return this.memory.claims.get(value.claimId!)?.record.userId;
  }

  private async loadClaims({ claimIds, redemptionIds }: Lack, context: BatchContext): Promise<void> {
    const { memory, reader, partition } = this;
    const claims = await this.missing(
      claimIds,
      (id) => memory.claims.get(id),
      context,
      (ids) => reader.claims(partition, ids),
    );
    for (const row of claims) memory.claims.set(row.claimId, knownClaim(row));
    const redemptions = await this.missing(
      redemptionIds,
      (id) => memory.redemptions.get(id),
      context,
      (ids) => reader.redemptions(partition, ids),
    );
    for (const row of redemptions) memory.redemptions.set(row.redemptionId, redemptionRecord(row));
  }

  private async missing<T extends object>(
    ids: ReadonlySet<string>,
    known: (id: string) => unknown,
    { absent }: BatchContext,
    read: (ids: string[]) => Promise<T[]>,
  ): Promise<T[]> {
    const unknown: string[] = [];
    for (const id of ids) {
      if (known(id) || absent.has(id)) continue;
      absent.add(id);
      if (partitionOf(id) === this.partition) unknown.push(id);
    }
    return unknown.length === 0 ? [] : read(unknown);
  }

  private async loadUsers(pairs: Lack['users']): Promise<void> {
    const { vouchers } = this.memory;
    const unloaded = new Set<KnownVoucher>();
    for (const { voucherId } of pairs) {
      const voucher = vouchers.get(voucherId);
      if (voucher && !voucher.users) unloaded.add(voucher);
    }
    for (const voucher of unloaded) voucher.users = await this.allUsers(voucher.voucherId);
    const maybe = pairs.filter(({ voucherId, userId }) => !vouchers.get(voucherId)?.users?.knows(userId));
    if (maybe.length === 0) return;
    const key = (pair: { voucherId: string; userId: string }): string => `${pair.voucherId} ${pair.userId}`;
    const rows = new Map((await this.reader.users(this.partition, maybe)).map((row) => [key(row), row]));
    for (const pair of maybe) vouchers.get(pair.voucherId)?.users?.learn(pair.userId, rows.get(key(pair)));
  }

  private async allUsers(voucherId: string): Promise<VoucherUsers> {
    const users = new VoucherUsers(this.memory.budget);
    for (let after = ''; ;) {
      const page = await this.reader.usersAfter(this.partition, voucherId, after, USERS_LOADED);
      for (const row of page) users.set(row.userId, row);
      if (page.length < USERS_LOADED) return users;
      after = page.at(-1)!.userId;
      if (users.exactSize <= USERS_EXACT) continue;
      users.shrink(false);
      await this.addUsersAfter(voucherId, after, users);
      return users;
    }
  }

  /** What a filter needs is who they are: read as one text, the next one on its way while the last is added. */
  private async addUsersAfter(voucherId: string, after: string, users: VoucherUsers): Promise<void> {
    const read = (last: string) => this.reader.userIdsAfter(this.partition, voucherId, last, USER_IDS_LOADED);
    let page = await read(after);
    while (page) {
      const next = read(page.last);
      next.catch(() => undefined);
      await setImmediate();
      users.addWritten(JSON.parse(page.userIds) as string[]);
      page = await next;
    }
  }
}
