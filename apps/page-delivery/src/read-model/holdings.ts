// What users have of vouchers, kept in memory from one page view to the next. The waiter tells of each event that the
// ledger publishes: its user is forgotten, and not remembered again before the read model has passed the event.
import { Injectable } from '@nestjs/common';
import type { Claim } from '@vouchers/contracts';
import type { IncomingRecord } from '@vouchers/messaging';
import { LRUCache } from 'lru-cache';
import { ReadModel } from './read-model.ts';
import type { Soon } from './soon.ts';
import { VoucherStates, type Position } from './voucher-states.ts';

/** A user's claims and pushes of one voucher, from the read model. */
export interface UserVoucher {
  /** All that the user ever had but those released. */
  claims: number;
  /** The newest held or locked claim, else the newest redeemed one. */
  claim?: Claim;
  pushed: boolean;
}

const NOTHING: UserVoucher = { claims: 0, pushed: false };
/** Pairs of a user and a voucher that are remembered; few of them hold a claim. */
const REMEMBERED = 500_000;
/** Users whose last events are kept. For other users, a read counts once it has passed all events that were dropped. */
const LAST_EVENTS = 20_000;

// One row, so one snapshot: of each voucher the newest held or locked claim, else the newest redeemed one.
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
      ) by_voucher) AS claims`,
};

interface HavingRow extends Record<string, unknown> {
  positions: Record<string, number> | null;
  pushed: string | null;
  claims: { voucherId: string; claims: number; claim: Claim | null }[] | null;
}

/** By voucher. One that is asked for and not in it: nothing. */
export type Having = ReadonlyMap<string, UserVoucher>;

@Injectable()
export class Holdings {
  private readonly known = new LRUCache<string, Map<string, UserVoucher>>({
    maxSize: REMEMBERED,
    sizeCalculation: ({ size }) => size + 1,
  });
  /**
   * By user, the last event of each partition, in order of events. They stay even when a read has passed them, since
   * another read that began earlier may still end later.
   */
  private readonly lastEvents = new Map<string, Position[]>();
  /** By partition, the last event that may concern any user. */
  private readonly lastOfAny = new Map<number, number>();
  /** Grows when everything is forgotten. */
  private epoch = 0;

  constructor(
    private readonly readModel: ReadModel,
    private readonly states: VoucherStates,
  ) {}

  /**
   * The user's claims and pushes of these vouchers from the read model. At most one query; no promise without one.
   */
  of(userId: string, voucherIds: readonly string[]): Soon<Having> {
    const known = this.known.get(userId);
    const missing = known ? voucherIds.filter((id) => !known.has(id)) : voucherIds;
    return known && missing.length === 0 ? known : this.learn(userId, missing, known);
  }

  private async learn(userId: string, missing: readonly string[], known: Having | undefined): Promise<Having> {
    const { epoch } = this;
    const { positions, having } = await this.read(userId, missing);
    // The values known at first may be outdated by now, so they serve only this answer.
    if (epoch === this.epoch && this.isSure(userId, positions))
      this.known.set(userId, new Map([...(this.known.get(userId) ?? []), ...having]));
    return known ? new Map([...known, ...having]) : having;
  }

  /** The waiter saw an event for the first time. */
  saw({ value }: IncomingRecord, { partition, seq }: Position): void {
    const userId = value && userIn(value);
    if (!userId) return;
    this.known.delete(userId);
    const others = this.lastEvents.get(userId)?.filter((event) => event.partition !== partition) ?? [];
    this.lastEvents.delete(userId);
    this.lastEvents.set(userId, [...others, { partition, seq }]);
    if (this.lastEvents.size <= LAST_EVENTS) return;
    const [dropped, events] = this.lastEvents.entries().next().value!;
    this.lastEvents.delete(dropped);
    for (const event of events) this.sawAny(event);
  }

  /** Something else than the projector has written the read model. Reads under way do not count any more, either. */
  forget(): void {
    this.epoch += 1;
    this.known.clear();
  }

  /** Events were missed, up to this one: of any user. */
  missed(last: Position): void {
    this.known.clear();
    this.sawAny(last);
  }

  private sawAny({ partition, seq }: Position): void {
    this.lastOfAny.set(partition, Math.max(seq, this.lastOfAny.get(partition) ?? 0));
  }

  /** Whether what was read at these positions (the next seq of each partition) will be told of when it changes. */
  private isSure(userId: string, positions: Record<string, number>): boolean {
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
    return { positions: row?.positions ?? {}, having };
  }
}

/** A list of ids as Postgres reads it; that of a page is made once. */
const arrays = new WeakMap<readonly string[], string>();
function arrayText(ids: readonly string[]): string {
  let text = arrays.get(ids);
  if (text === undefined) arrays.set(ids, (text = `{${ids.join(',')}}`));
  return text;
}

const USER_ID = Buffer.from('"userId":"');

/** The user of an event, unparsed: inside a JSON text the quotes of these bytes would be escaped. */
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
    // Text that is no JSON is no event of the ledger.
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
