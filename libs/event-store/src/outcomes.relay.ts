// Publishes committed events in order of seq, each at least once. The events table is the outbox. A repeat has the same
// bytes, so it does no harm if two relays run at once or one starts again.
import type { EventsReader } from './events.reader.ts';
import type { LedgerStore } from './ledger.store.ts';
import type { StoredEvent } from './rows.ts';

/** Resolves when Kafka acknowledged all events. If it rejects, some may not be published. */
export type Publish = (events: readonly StoredEvent[]) => Promise<void>;

export interface RelayOptions {
  publish: Publish;
  /** The most events kept in memory; the others are read from Postgres. Default 4,000. */
  maxHeld?: number;
  /** The most events per call of `publish`. Default 1,000. */
  maxPublished?: number;
  /** The shortest time between two writes of the relay's position. Default 1,000. */
  rememberMs?: number;
  onError?: (error: Error) => void;
}

const RETRY_MS = 200;
/** Deciding waits while more committed events than this are not yet published. */
const MAX_BEHIND = 2_000;

/** Publishes one partition's events while this process owns it. */
export class OutcomesRelay {
  private held: StoredEvent[] = [];
  private nextSeq = 0;
  /** Committed events end before this seq. */
  private committedSeq = 0;
  private rememberedSeq = 0;
  private rememberedAt = 0;
  private stopped = false;
  private started = false;
  /** The last time at which it published, or began to have something to publish. Unix milliseconds. */
  private movedAt = Date.now();
  private waiting: (() => void)[] = [];
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly partition: number,
    private readonly store: LedgerStore,
    private readonly reader: EventsReader,
    private readonly options: RelayOptions,
  ) {}

  /**
   * Continues from the partition's stored position, up to `committedSeq` (exclusive) and then with all later commits.
   * If it runs already, another call does nothing. If Postgres does not answer, it does not run, and the next call
   * tries again.
   */
  async start(committedSeq = 0): Promise<void> {
    if (this.started) return;
    const { rows } = await this.store.pools.readers.query<{ nextSeq: number }>(
      'SELECT next_seq AS "nextSeq" FROM relay WHERE partition = $1',
      [this.partition],
    );
    if (this.started || this.stopped) return;
    this.started = true;
    this.nextSeq = this.rememberedSeq = rows[0]?.nextSeq ?? 1;
    this.committed(committedSeq);
    this.running = this.run();
  }

  /** Takes events that were just committed, in order. Events that do not fit are read from Postgres later. */
  handOver(events: readonly StoredEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    this.reach(last.seq + 1);
    const room = (this.options.maxHeld ?? 4_000) - this.held.length;
    const follows = this.held.length > 0 ? this.held.at(-1)!.seq + 1 : this.nextSeq;
    if (events[0]!.seq === follows && events.length <= room) this.held.push(...events);
    this.wake();
  }

  /** Events before `seq` are committed, but were not handed over. */
  committed(seq: number): void {
    this.reach(seq);
    this.wake();
  }

  /**
   * Publishes events again, for requests that still wait. It leaves out events that are not published yet: they follow.
   */
  async republish(events: readonly StoredEvent[]): Promise<void> {
    const again = events.filter((event) => event.seq < this.nextSeq);
    if (again.length > 0 && !this.stopped) await this.options.publish(again);
  }

  /**
   * Resolves when few enough events wait to be published. Deciding faster than that would only fill memory and take
   * processor time from the relay.
   */
  async room(): Promise<void> {
    while (!this.stopped && this.committedSeq - this.nextSeq > MAX_BEHIND) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** True if all committed events are published. */
  get idle(): boolean {
    return this.nextSeq >= this.committedSeq;
  }

  /** How long committed events have waited without any being published. Unit: milliseconds. */
  get stalledMs(): number {
    return this.idle ? 0 : Date.now() - this.movedAt;
  }

  /** The number of committed events that are not yet published. */
  get behind(): number {
    return Math.max(this.committedSeq - this.nextSeq, 0);
  }

  /** Ends after the call of `publish` under way, and stores its position. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    this.release();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (this.idle) await this.rest();
        else await this.publishNext();
      } catch (error) {
        this.options.onError?.(error as Error);
        await this.sleep(RETRY_MS);
      }
    }
    await this.remember().catch((error: Error) => this.options.onError?.(error));
  }

  private reach(committedSeq: number): void {
    if (this.idle) this.movedAt = Date.now();
    this.committedSeq = Math.max(this.committedSeq, committedSeq);
  }

  private async publishNext(): Promise<void> {
    const most = this.options.maxPublished ?? 1_000;
    if (this.held.length > 0 && this.held[0]!.seq !== this.nextSeq) this.held = [];
    const fromMemory = this.held.length > 0;
    const events = fromMemory
      ? this.held.slice(0, most)
      : await this.reader.from(this.partition, this.nextSeq, Math.min(most, this.committedSeq - this.nextSeq));
    events.forEach((event, index) => {
      if (event.seq !== this.nextSeq + index) throw new Error(`a hole at ${this.partition}:${this.nextSeq + index}`);
    });
    await this.options.publish(events);
    if (fromMemory) this.held = this.held.slice(events.length);
    this.nextSeq += events.length;
    this.movedAt = Date.now();
    this.release();
    if (Date.now() - this.rememberedAt >= (this.options.rememberMs ?? 1_000)) await this.remember();
  }

  /** Waits for new events. If none come for a while, it stores its position. */
  private async rest(): Promise<void> {
    if (this.rememberedSeq === this.nextSeq) return this.sleep();
    const woken = await this.sleep(this.options.rememberMs ?? 1_000).then(() => !this.idle || this.stopped);
    if (!woken) await this.remember();
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private async remember(): Promise<void> {
    if (this.rememberedSeq === this.nextSeq) return;
    const seq = this.nextSeq;
    await this.store.pools.writers.query(
      `INSERT INTO relay AS r (partition, next_seq) VALUES ($1, $2)
       ON CONFLICT (partition) DO UPDATE SET next_seq = greatest(r.next_seq, excluded.next_seq)`,
      [this.partition, seq],
    );
    this.rememberedSeq = seq;
    this.rememberedAt = Date.now();
  }

  private sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopped) return resolve();
      const timer = ms === undefined ? undefined : setTimeout(() => this.wake(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => undefined;
        resolve();
      };
    });
  }
}
