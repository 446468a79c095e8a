// Caches users' claims and pushes between page views. When the waiter sees an event, the entry of the event's user is
// deleted. The user is cached again only from reads that reflect the event.
import { Injectable } from '@nestjs/common';
import type { Claim, EventEntry } from '@vouchers/contracts';
import type { IncomingRecord } from '@vouchers/messaging';
import type { EventPosition } from '@vouchers/outcomes';
import { LRUCache } from 'lru-cache';
import { ReadModel } from './read-model.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { VoucherStates } from './voucher-states.ts';

/** A user's claims and pushes of one voucher, from the read model. */
export interface UserVoucher {
  /** The number of all claims that the user ever had, without released ones. */
  claims: number;
  /** The newest held or locked claim, else the newest redeemed one. */
  claim?: Claim;
  pushed: boolean;
  /** The user's newest entry, if it waits, is offered a unit, or lapsed. A live one is always the newest. */
  entry?: EventEntry;
}

const NOTHING: UserVoucher = { claims: 0, pushed: false };
/** The most pairs of a user and a voucher in the cache. Few of them have a claim. */
const REMEMBERED = 500_000;
/** Users whose last events are kept. A read of another user is cached only if it reflects all dropped events. */
const LAST_EVENTS = 20_000;

// One statement, so one snapshot. Per voucher: the newest held or locked claim, else the newest redeemed one.
const HAVING = {
  name: 'having',
  text: `
    SELECT
      (SELECT json_object_agg(partition, next_seq) FROM positions) AS positions,
      (SELECT string_agg(voucher_id::text, ',') FROM pushes WHERE user_id = $1 AND voucher_id = ANY ($2::uuid[])) AS pushed,
      (SELECT json_agg(by_voucher) FROM (
        SELECT voucher_id AS "voucherId", count(*) FILTER (WHERE state <> 'released') AS claims,
          (array_agg(claim ORDER BY state IN ('held', 'locked') DESC, claim_id DESC)
            FILTER (WHERE state IN ('held', 'locked', 'redeemed')))[1] AS claim
        FROM claims WHERE user_id = $1 AND voucher_id = ANY ($2::uuid[]) GROUP BY voucher_id
      ) by_voucher) AS claims,
      (SELECT json_agg(entry) FROM (
        SELECT DISTINCT ON (voucher_id) entry, state FROM entries WHERE user_id = $1 AND voucher_id = ANY ($2::uuid[])
        ORDER BY voucher_id, entry_id DESC
      ) newest WHERE state IN ('waiting', 'offered', 'lapsed')) AS entries`,
};

interface HavingRow extends Record<string, unknown> {
  positions: Record<string, number> | null;
  pushed: string | null;
  claims: { voucherId: string; claims: number; claim: Claim | null }[] | null;
  entries: EventEntry[] | null;
}

/** A user's claims and pushes by voucher. A voucher that is missing has none. */
export type Having = ReadonlyMap<string, UserVoucher>;

@Injectable()
export class Holdings {
  private readonly cache = new LRUCache<string, Map<string, UserVoucher>>({
    maxSize: REMEMBERED,
    sizeCalculation: ({ size }) => size + 1,
  });
  /**
   * By user, the last event of each partition. The user with the oldest event comes first. Events stay here even when a
   * read reflects them, since a read that began earlier may end later.
   */
  private readonly lastEvents = new Map<string, EventPosition[]>();
  /** By partition, the last event that may belong to any user. */
  private readonly lastOfAny = new Map<number, number>();
  /** Grows when the whole cache becomes invalid. */
  private epoch = 0;

  constructor(
    private readonly readModel: ReadModel,
    private readonly states: VoucherStates,
  ) {}

  /**
   * The user's claims and pushes of these vouchers. Makes at most one query, and returns no promise if it makes none.
   */
  of(userId: string, voucherIds: readonly string[]): MaybePromise<Having> {
    const cached = this.cache.get(userId);
    const missing = cached ? voucherIds.filter((id) => !cached.has(id)) : voucherIds;
    return cached && missing.length === 0 ? cached : this.load(userId, missing, cached);
  }

  private async load(userId: string, missing: readonly string[], cached: Having | undefined): Promise<Having> {
    const { epoch } = this;
    const { positions, having } = await this.read(userId, missing);
    // The values that were cached at first may be outdated by now, so they serve only this answer.
    if (epoch === this.epoch && this.isCurrent(userId, positions))
      this.cache.set(userId, new Map([...(this.cache.get(userId) ?? []), ...having]));
    return cached ? new Map([...cached, ...having]) : having;
  }

  /** The waiter saw an event for the first time. */
  saw({ value }: IncomingRecord, { partition, seq }: EventPosition): void {
    const userId = value && userIn(value);
    if (!userId) return;
    this.cache.delete(userId);
    const others = this.lastEvents.get(userId)?.filter((event) => event.partition !== partition) ?? [];
    this.lastEvents.delete(userId);
    this.lastEvents.set(userId, [...others, { partition, seq }]);
    if (this.lastEvents.size <= LAST_EVENTS) return;
    const [dropped, events] = this.lastEvents.entries().next().value!;
    this.lastEvents.delete(dropped);
    for (const event of events) this.sawAny(event);
  }

  /** Clears the cache, after a repair of the read model. Reads that have begun are not cached, either. */
  forget(): void {
    this.epoch += 1;
    this.cache.clear();
  }

  /** The waiter has missed events of any users, up to this event. */
  missed(last: EventPosition): void {
    this.cache.clear();
    this.sawAny(last);
  }

  private sawAny({ partition, seq }: EventPosition): void {
    this.lastOfAny.set(partition, Math.max(seq, this.lastOfAny.get(partition) ?? 0));
  }

  /**
   * True if a read at these positions (the next seq of each partition) reflects all events that the waiter has seen.
   * The waiter then sees each later change.
   */
  private isCurrent(userId: string, positions: Record<string, number>): boolean {
    if (!this.states.followed()) return false;
    const isRead = (seq: number, partition: number): boolean => (positions[partition] ?? 1) > seq;
    for (const [partition, seq] of this.lastOfAny) if (!isRead(seq, partition)) return false;
    return this.lastEvents.get(userId)?.every(({ seq, partition }) => isRead(seq, partition)) ?? true;
  }

  private async read(
    userId: string,
    voucherIds: readonly string[],
  ): Promise<{ positions: Record<string, number>; having: Map<string, UserVoucher> }> {
    const [row] = await this.readModel.rows<HavingRow>(HAVING, [userId, arrayText(voucherIds)]);
    const having = new Map<string, UserVoucher>();
    for (const voucherId of voucherIds) having.set(voucherId, NOTHING);
    for (const voucherId of row?.pushed?.split(',') ?? []) having.set(voucherId, { claims: 0, pushed: true });
    for (const { voucherId, claims, claim } of row?.claims ?? [])
      having.set(voucherId, { claims, claim: claim ?? undefined, pushed: having.get(voucherId)!.pushed });
    for (const entry of row?.entries ?? []) having.set(entry.voucherId, { ...having.get(entry.voucherId)!, entry });
    return { positions: row?.positions ?? {}, having };
  }
}

/** A list of ids as Postgres reads it. The text of a page's list is made once. */
const arrays = new WeakMap<readonly string[], string>();
function arrayText(ids: readonly string[]): string {
  let text = arrays.get(ids);
  if (text === undefined) arrays.set(ids, (text = `{${ids.join(',')}}`));
  return text;
}

const USER_ID = Buffer.from('"userId":"');

/**
 * The user of an event, found without parsing it. These bytes cannot be a part of a text in the JSON, since their
 * quotes would be escaped there.
 */
export function userIn(data: Buffer): string | undefined {
  const at = data.indexOf(USER_ID);
  if (at === -1) return undefined;
  const from = at + USER_ID.length;
  let to = data.indexOf(QUOTE, from);
  while (to !== -1 && isEscaped(data, to)) to = data.indexOf(QUOTE, to + 1);
  const text = data.toString('utf8', from, to);
  return text.includes('\\') ? unescaped(text) : text;
}

function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // Bytes that are not JSON are no event of the ledger.
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isEscaped(data: Buffer, at: number): boolean {
  let before = at;
  while (data[before - 1] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 1;
}
