// Examines one voucher: replays its events, checks what must be true after each of them, and compares what is stored.
// All its queries must see one moment.
import { proofFault, type Facts, type ProofCheck } from '@vouchers/contracts';
import {
  ChainComparison,
  chainEnd,
  ContextReader,
  EventsReader,
  type Queries,
  type ReplayedEvent,
  type StoredEvent,
} from '@vouchers/event-store/history';
import { countersOf, evolve, excessOf, storedCounts, sumFaultOf, type VoucherState } from '@vouchers/voucher';
import { isDeepStrictEqual } from 'node:util';
import { eventOf } from '../history/stored.event.ts';
import { voucherRow } from '../knowledge/projection.rows.ts';
import { ClaimsComparison, type PlacedEvent } from './claims.comparison.ts';
import { compareEntries } from './entries.comparison.ts';
import { misfitOf } from './event.misfit.ts';
import { ProofFaults } from './proof.faults.ts';
import { compareUsers } from './users.comparison.ts';

/** The events per query. */
const PAGE = 500;

export interface Examined {
  /** The state after the event that was asked for. */
  state: VoucherState | undefined;
  checks: ProofCheck[];
}

/** The event whose state is shown, and the last one that is replayed. */
interface Until {
  shown: number;
  until: number;
}

export class VoucherExamination {
  private readonly faults = new ProofFaults();
  private readonly queries: Queries;
  private readonly events: EventsReader;
  private readonly reader: ContextReader;
  private readonly partition: number;
  private readonly voucherId: string;
  private readonly pace: (rows: number) => Promise<void>;
  private state: VoucherState | undefined;
  private shown: VoucherState | undefined;

  /** @param pace called after each page with its number of events; it may throw */
  constructor(
    queries: Queries,
    { partition, voucherId }: { partition: number; voucherId: string },
    pace: (rows: number) => Promise<void>,
  ) {
    this.queries = queries;
    this.events = new EventsReader(queries);
    this.reader = new ContextReader({ pools: { readers: queries } });
    this.partition = partition;
    this.voucherId = voucherId;
    this.pace = pace;
  }

  /**
   * Replays from a stored state, or from the first event, and compares the counters that are stored at `until`.
   * @param stored the counters there; absent: those of the voucher's row
   */
  async part(from: VoucherState | undefined, to: Until, stored?: VoucherState): Promise<Examined> {
    this.state = from;
    if (from?.head.seq === to.shown) this.shown = from;
    await this.replay(to, async (after) => {
      const range = { after, until: to.until };
      const rows = await this.events.ofVoucherToReplay(this.partition, this.voucherId, range, PAGE);
      rows.forEach((row) => this.apply(row, to.shown));
      return rows.length;
    });
    if (!stored) await this.compareRow();
    else if (this.state && !isDeepStrictEqual(countersOf(stored), countersOf(this.state)))
      this.faults.add('counters', proofFault('counters-differ', { checkpoint: `${this.partition}:${to.until}` }));
    return this.result(['quantities', 'sum', 'counters']);
  }

  /**
   * Replays all events and compares everything that is stored.
   * @param alone false if the caller walks the chain, and counts the rows of all vouchers at once
   */
  async whole(to: Until, alone = true): Promise<Examined> {
    const claims = new ClaimsComparison(this.queries, this.reader, this.partition, this.faults);
    const chain = await ChainComparison.of(this.queries, this.partition);
    const { seq: chainedTo } = await chainEnd(this.queries, this.partition);
    await this.replay(to, async (after) => {
      const range = { after, until: to.until };
      const { events: rows } = await this.events.ofVoucher(this.partition, this.voucherId, range, {}, PAGE);
      const placed = rows.flatMap((row) => this.apply({ ...row, data: row.data.toString() }, to.shown) ?? []);
      for (const row of rows) this.compareColumns(row);
      await claims.page(placed);
      const hashed = alone ? rows.filter(({ seq }) => seq <= chainedTo) : [];
      for (const { event } of await chain.misfits(hashed))
        this.faults.add('chain', proofFault('event-altered', { event: `${this.partition}:${event.seq}` }));
      return rows.length;
    });
    await this.compareRow();
    if (this.state && alone) {
      const { claimed, redeemed, rolledBack } = this.state.counters;
      await claims.count(this.voucherId, claimed, redeemed + rolledBack);
    }
    const key = { partition: this.partition, voucherId: this.voucherId };
    await compareUsers(this.queries, key, to.until, this.faults);
    // Nobody has waited for most vouchers.
    if (this.state && this.state.counters.joined > 0) await compareEntries(this.queries, key, to.until, this.faults);
    if (alone) await this.countEvents(to.until);
    const checks = ['quantities', 'per-user', 'sum', 'counters', 'claims', 'users', 'redemptions', 'entries'] as const;
    return this.result(alone ? [...checks, 'events', 'chain'] : [...checks, 'events']);
  }

  private result(made: readonly ProofCheck['check'][]): Examined {
    return { state: this.shown, checks: this.faults.of(made) };
  }

  private async replay({ until }: Until, page: (after: number) => Promise<number>): Promise<void> {
    for (let after = this.state?.head.seq ?? 0; after < until; after = this.state!.head.seq) {
      const rows = await page(after);
      await this.pace(rows);
      if (rows === 0 || !this.state) return;
    }
  }

  /** @returns the event; undefined if it cannot be applied */
  private apply(row: ReplayedEvent, shown: number): PlacedEvent | undefined {
    const place = `${this.partition}:${row.seq}`;
    try {
      const event = eventOf(row);
      if (event.claim && row.facts !== null) event.claim.facts = JSON.parse(row.facts) as Facts;
      const state = evolve(this.state, event);
      state.head.seq = row.seq;
      this.state = state;
      if (row.seq === shown) this.shown = state;
      const excess = excessOf(event, state);
      if (excess) this.faults.add('quantities', proofFault(excess.code, { place, ...excess.params }));
      const sum = sumFaultOf(state);
      if (sum) this.faults.add('sum', proofFault(sum.code, { place, ...sum.params }));
      return { seq: row.seq, event };
    } catch (error) {
      this.faults.add('events', proofFault('event-unreplayed', { event: place, text: (error as Error).message }));
      if (this.state) this.state = { ...this.state, head: { ...this.state.head, seq: row.seq } };
      return undefined;
    }
  }

  private compareColumns(row: StoredEvent): void {
    const misfit = misfitOf(row);
    if (misfit) this.faults.add('events', misfit);
  }

  private async compareRow(): Promise<void> {
    if (!this.state) return;
    const [row] = await this.reader.vouchers(this.partition, [this.voucherId]);
    if (!row) return this.faults.add('counters', proofFault('voucher-missing'));
    const wanted = voucherRow(this.state, null, true);
    for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
      if (name === 'wakeAt' || isDeepStrictEqual(plain(name, row[name]), plain(name, wanted[name]))) continue;
      const [stored, events] = [String(row[name]), String(wanted[name])];
      this.faults.add('counters', proofFault('voucher-differs', { name, stored, events }));
    }
  }

  /** A deleted event no longer names its voucher, so all of the partition are counted. */
  private async countEvents(until: number): Promise<void> {
    const { rows } = await this.queries.query<{ count: number }>(
      'SELECT count(*) AS count FROM events WHERE partition = $1 AND seq <= $2',
      [this.partition, until],
    );
    const missing = until - rows[0]!.count;
    if (missing !== 0)
      this.faults.add('chain', proofFault('events-missing', { count: missing, partition: this.partition }));
  }
}

/** Columns that Postgres writes with other spaces and order are compared as values. */
function plain(name: string, value: unknown): unknown {
  if (name === 'counters') return storedCounts(JSON.parse(value as string) as VoucherState['counters']);
  return name === 'labels' ? JSON.parse(value as string) : value;
}
