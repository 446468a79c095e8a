// Reads a user's entries on waiting lists from the read model.
import { Injectable } from '@nestjs/common';
import type { Entry, EventEntry } from '@vouchers/contracts';
import { entryShown, isListClosed } from '@vouchers/voucher';
import { Parked } from '../parked/parked.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import type { AwaitedDecision } from '../submissions/outcomes.waiter.ts';

export interface EntryFilter {
  userId: string;
  state?: Entry['state'];
  voucherId?: string;
  /** Only entries that are older than this one. */
  after?: string;
  limit: number;
}

/** The most entries ahead that are counted. */
const MOST_AHEAD = 10_000;

const ONE = { name: 'entry', text: 'SELECT entry FROM entries WHERE entry_id = $1' };
const NEWEST = {
  name: 'newest-entry',
  text: 'SELECT entry FROM entries WHERE user_id = $1 AND voucher_id = $2 ORDER BY entry_id DESC LIMIT 1',
};
const WAITING = {
  name: 'waiting-for',
  text: `SELECT DISTINCT voucher_id AS id FROM entries WHERE user_id = $1 AND state = 'waiting'`,
};
// An entry's id begins with its time, so the order by id is the order of time. $6: vouchers whose list is closed.
const LIST = {
  name: 'entries',
  text: `SELECT e.entry, a.ahead FROM (
      SELECT * FROM entries WHERE user_id = $1
        AND ($2::text IS NULL OR state = $2 AND (state <> 'waiting' OR NOT voucher_id = ANY ($6::uuid[]))
          OR $2 = 'closed' AND state = 'waiting' AND voucher_id = ANY ($6::uuid[]))
        AND ($3::uuid IS NULL OR voucher_id = $3) AND ($4::uuid IS NULL OR entry_id < $4)
        AND voucher_id <> ALL ($7::uuid[])
      ORDER BY entry_id DESC LIMIT $5
    ) e LEFT JOIN LATERAL (
      SELECT count(*)::int AS ahead FROM (
        (SELECT FROM entries o WHERE o.voucher_id = e.voucher_id AND o.state = 'waiting' AND o.rank > e.rank
         LIMIT ${MOST_AHEAD})
        UNION ALL
        (SELECT FROM entries o WHERE o.voucher_id = e.voucher_id AND o.state = 'waiting' AND o.rank = e.rank
           AND o.number < e.number LIMIT ${MOST_AHEAD})
        LIMIT ${MOST_AHEAD}
      ) before
    ) a ON e.state = 'waiting' AND NOT e.voucher_id = ANY ($6::uuid[])
    ORDER BY e.entry_id DESC`,
};

interface Row extends Record<string, unknown> {
  entry: EventEntry;
  ahead: number | null;
}

@Injectable()
export class EntryReads {
  constructor(
    private readonly readModel: ReadModel,
    private readonly states: VoucherStates,
    private readonly parked: Parked,
  ) {}

  /** The entry of a decision, as it was decided. If the decision is a repeat or a refusal, the entry as it is now. */
  async after({ data, position, repeated }: AwaitedDecision): Promise<Entry> {
    const entry = data.entry!;
    if (!repeated && data.reason === undefined) return (await this.shown([entry]))[0]!;
    await this.states.reachSeen(position);
    const [row] = await this.readModel.rows<Row>(ONE, [entry.id]);
    return (await this.shown([row?.entry ?? entry]))[0]!;
  }

  /** The user's newest entry for a voucher, after this decision. */
  async newest({ position }: AwaitedDecision, userId: string, voucherId: string): Promise<Entry | undefined> {
    await this.states.reachSeen(position);
    const [row] = await this.readModel.rows<Row>(NEWEST, [userId, voucherId]);
    return row && (await this.shown([row.entry]))[0];
  }

  /** Leaves out entries of parked vouchers. @throws ProblemError 503 `parked` if the given voucher is parked */
  async list({ userId, state, voucherId, after, limit }: EntryFilter): Promise<Entry[]> {
    if (voucherId !== undefined) this.parked.refuse(voucherId);
    const waitingFor = await this.readModel.rows<{ id: string }>(WAITING, [userId]);
    const closed = await this.closed(waitingFor.map(({ id }) => id));
    const rows = await this.readModel.rows<Row>(LIST, [
      userId,
      state ?? null,
      voucherId ?? null,
      after ?? null,
      limit,
      [...closed],
      this.parked.ids(),
    ]);
    return rows.map(({ entry, ahead }) => ({
      ...entryShown(entry, closed.has(entry.voucherId)),
      ...(ahead !== null && { ahead }),
    }));
  }

  /** Entries as their user sees them. */
  async shown(entries: readonly EventEntry[]): Promise<Entry[]> {
    const closed = await this.closed(entries.map(({ voucherId }) => voucherId));
    return entries.map((entry) => entryShown(entry, closed.has(entry.voucherId)));
  }

  /** Finds the vouchers whose waiting list is closed. */
  private async closed(voucherIds: readonly string[]): Promise<Set<string>> {
    if (voucherIds.length === 0) return new Set();
    const states = await this.states.of([...new Set(voucherIds)]);
    const now = Date.now();
    return new Set([...states].filter(([, state]) => isListClosed(state, now)).map(([id]) => id));
  }
}
