// Compares the events of a partition with their hashes.
import { USER_FORGOTTEN, type EventData } from '@vouchers/contracts';
import { EventsReader } from '../events.reader.ts';
import type { StoredEvent } from '../rows.ts';
import type { Queries } from '../session.ts';
import { chainSecret, hashed, hashesAt } from './chain.ts';
import { GENESIS, hashOf } from './event.hash.ts';
import { recordedAttestation, recordsOf, remainderOf } from './forgotten.events.ts';

/** An event that is not as it was hashed. `absent`: it has no hash, or none is before it. */
export interface HashMisfit {
  event: StoredEvent;
  fault: 'absent' | 'altered';
}

export class ChainComparison {
  private readonly queries: Queries;
  private readonly partition: number;
  private readonly secret: Buffer;
  private readonly events: EventsReader;
  /** Whether the records of a forgetting are as its event attests, by the seq of that event. */
  private readonly attested = new Map<number, Promise<boolean>>();

  private constructor(queries: Queries, partition: number, secret: Buffer) {
    this.queries = queries;
    this.partition = partition;
    this.secret = secret;
    this.events = new EventsReader(queries);
  }

  /** @param queries they must see one moment */
  static async of(queries: Queries, partition: number): Promise<ChainComparison> {
    return new ChainComparison(queries, partition, await chainSecret(queries));
  }

  /** The events that are not as they were hashed, or as a recorded forgetting left them. */
  async misfits(events: readonly StoredEvent[]): Promise<HashMisfit[]> {
    const seqs = new Set(events.flatMap(({ seq }) => [seq - 1, seq]));
    const hashes = await hashesAt(this.queries, this.partition, [...seqs]);
    const forgotten = await this.forgotten(events.filter(({ commitment }) => commitment !== null));
    return events.flatMap((event): HashMisfit[] => {
      const before = event.seq === 1 ? GENESIS : hashes.get(event.seq - 1);
      const hash = hashes.get(event.seq);
      if (before === undefined || hash === undefined) return [{ event, fault: 'absent' }];
      const fits = hashOf(before, hashed(event, this.secret)) === hash;
      return fits && (event.commitment === null || forgotten.has(event.seq)) ? [] : [{ event, fault: 'altered' }];
    });
  }

  /** The seqs of those events that are as the last forgetting left them. */
  private async forgotten(events: readonly StoredEvent[]): Promise<Set<number>> {
    if (events.length === 0) return new Set();
    const seqs = events.map(({ seq }) => seq);
    const records = new Map((await recordsOf(this.queries, this.partition, seqs)).map((found) => [found.seq, found]));
    const fitting = new Set<number>();
    for (const event of events) {
      const found = records.get(event.seq);
      if (!found || event.salt === null || remainderOf(hashed(event, this.secret)) !== found.remainder) continue;
      if (await this.isAttested(found.by)) fitting.add(event.seq);
    }
    return fitting;
  }

  private isAttested(by: number): Promise<boolean> {
    const known = this.attested.get(by) ?? this.attests(by);
    this.attested.set(by, known);
    return known;
  }

  /** The event of a forgetting may be forgotten itself, by a later one, because it names who asked. */
  private async attests(seq: number): Promise<boolean> {
    const [event] = (await this.events.ofPartition(this.partition, seq, 1)).events;
    if (event?.seq !== seq || event.type !== USER_FORGOTTEN) return false;
    const { forgotten } = JSON.parse(event.data.toString()) as EventData;
    if (forgotten?.attestation !== (await recordedAttestation(this.queries, this.partition, seq))) return false;
    return (await this.misfits([event])).length === 0;
  }
}
