// The events are the outbox: each is published in the order of its seq, at least once, and never one that is not
// committed. Duplicates are identical bytes, so two relays at once, or one that begins anew, do no harm.
import type { EventsReader } from './events.reader.ts';
import type { LedgerStore } from './ledger.store.ts';
import type { StoredEvent } from './rows.ts';

/** Resolves when all are acknowledged; a rejection means: not surely. */
export type Publish = (events: readonly StoredEvent[]) => Promise<void>;

export interface RelayOptions {
  publish: Publish;
  /** Events kept for publishing, at most; what exceeds it is read from Postgres. Default 4,000. */
  maxHeld?: number;
  /** Events a publish call, at most. Default 1,000. */
  maxPublished?: number;
  /** How far it came is written at most so often. Default 1,000. Unit: milliseconds. */
  rememberMs?: number;
  onError?: (error: Error) => void;
}

const RETRY_MS = 200;
/** Events committed and not yet published, at which deciding waits. */
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
  /** When it last published something, or began to have something to publish. Unix milliseconds. */
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

  /** Events just committed, in order. Those that do not fit are read back when their turn comes. */
  handOver(events: readonly StoredEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    this.reach(last.seq + 1);
    const room = (this.options.maxHeld ?? 4_000) - this.held.length;
    const follows = this.held.length > 0 ? this.held.at(-1)!.seq + 1 : this.nextSeq;
    if (events[0]!.seq === follows && events.length <= room) this.held.push(...events);
    this.wake();
  }

  /** Everything before `seq` is committed, though it was not handed over. */
  committed(seq: number): void {
    this.reach(seq);
    this.wake();
  }

  /** Publishes again what was published before, for whoever still waits; what was not yet comes anyway, in its turn. */
  async republish(events: readonly StoredEvent[]): Promise<void> {
    const again = events.filter((event) => event.seq < this.nextSeq);
    if (again.length > 0 && !this.stopped) await this.options.publish(again);
  }

  /**
   * Resolves when so few events wait that their publication keeps up: whoever decides faster only fills memory, and
   * takes from the relay the time that it needs.
   */
  async room(): Promise<void> {
    while (!this.stopped && this.committedSeq - this.nextSeq > MAX_BEHIND) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Everything committed is published. */
  get idle(): boolean {
    return this.nextSeq >= this.committedSeq;
  }

  /** How long committed events have waited without any being published. Unit: milliseconds. */
  get stalledMs(): number {
    return this.idle ? 0 : Date.now() - this.movedAt;
  }

  /** Events committed and not yet published. */
  get behind(): number {
    return Math.max(this.committedSeq - this.nextSeq, 0);
  }

  /** Ends after the publish under way, and remembers how far it came. */
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

  /** Until something is handed over; if nothing is for a while, what was reached is remembered. */
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
