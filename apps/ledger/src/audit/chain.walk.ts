// Walks one partition's chain from its first event to its last, and compares each event with its hash and the chain
// with the heads that were published.
import type { ChainHead } from '@vouchers/contracts';
import {
  ChainComparison,
  chainEnd,
  EventsReader,
  hashesAt,
  type HashMisfit,
  type Queries,
  type StoredEvent,
} from '@vouchers/event-store';

const PAGE = 1_000;

export interface Walked {
  events: number;
  /** The seqs of events that have no hash yet; undefined if all have one. */
  unattested?: { from: number; until: number };
}

/** @param tell called with a sentence per fault */
export class ChainWalk {
  constructor(
    private readonly queries: Queries,
    private readonly partition: number,
    private readonly tell: (fault: string) => void,
  ) {}

  async run(heads: readonly ChainHead[]): Promise<Walked> {
    const { queries, partition } = this;
    const chain = await ChainComparison.of(queries, partition);
    const { seq: chained } = await chainEnd(queries, partition);
    const reader = new EventsReader(queries);
    let [last, events] = [0, 0];
    for (;;) {
      const page = await reader.ofPartition(partition, last + 1, PAGE);
      if (page.events.length === 0) break;
      const attested = page.events.filter(({ seq }) => seq <= chained);
      this.compare(page.events, await chain.misfits(attested), last);
      last = page.events.at(-1)!.seq;
      events += page.events.length;
    }
    if (last < chained) this.missing(last + 1, chained, 'at the end');
    await this.compareCursor(last);
    await this.compareRows();
    await this.compareHeads(heads, Math.min(last, chained));
    return { events, ...(chained < last && { unattested: { from: chained + 1, until: last } }) };
  }

  /** Each event is compared with the stored hash before it, so one that was altered is named alone. */
  private compare(page: readonly StoredEvent[], misfits: readonly HashMisfit[], last: number): void {
    const { partition } = this;
    const faults = new Map(misfits.map(({ event, fault }) => [event.seq, fault]));
    let expected = last + 1;
    for (const { seq, type, voucherId } of page) {
      if (seq !== expected) this.missing(expected, seq - 1, 'between others');
      expected = seq + 1;
      const fault = faults.get(seq);
      if (fault === 'absent') this.tell(`event ${partition}:${seq} has no hash, or none before it`);
      if (fault === 'altered')
        this.tell(`event ${partition}:${seq} is not the event that was hashed: ${type} of voucher ${voucherId}`);
    }
  }

  private missing(from: number, until: number, where: string): void {
    const which =
      from === until ? `event ${this.partition}:${from} is` : `events ${this.partition}:${from}–${until} are`;
    this.tell(`${which} missing ${where}`);
  }

  private async compareCursor(last: number): Promise<void> {
    const { rows } = await this.queries.query<{ next: number }>(
      'SELECT next_seq AS next FROM cursor WHERE partition = $1',
      [this.partition],
    );
    const next = rows[0]?.next ?? 1;
    if (next !== last + 1)
      this.tell(
        `the cursor of partition ${this.partition} stands at ${next}, its last event is ${this.partition}:${last}`,
      );
  }

  /** The rows of a chain follow one another. */
  private async compareRows(): Promise<void> {
    const { rows } = await this.queries.query<{ first: number; expected: number }>(
      `SELECT first_seq AS first, expected FROM (
         SELECT first_seq, coalesce(lag(first_seq + octet_length(hashes) / 32) OVER (ORDER BY first_seq), 1) AS expected
         FROM chain WHERE partition = $1
       ) rows WHERE first_seq <> expected ORDER BY first_seq LIMIT 20`,
      [this.partition],
    );
    for (const { first, expected } of rows)
      this.tell(`the chain of partition ${this.partition} goes on at ${first} instead of ${expected}`);
  }

  private async compareHeads(heads: readonly ChainHead[], last: number): Promise<void> {
    const { queries, partition } = this;
    const hashes = await hashesAt(queries, partition, [...new Set(heads.map(({ seq }) => seq))]);
    for (const { seq, hash, at } of heads) {
      if (seq > last)
        this.tell(`events after ${partition}:${last} were cut off: a head ${partition}:${seq} was published at ${at}`);
      else if (hashes.get(seq) !== hash)
        this.tell(`the chain up to ${partition}:${seq} is not the one whose head was published at ${at}`);
    }
  }
}
