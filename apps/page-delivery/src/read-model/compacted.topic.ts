// A compacted topic, read wholly by each process, and known to be read to its end.
import { consumeBatches, endOffsets, type Consumption, type RecordBatch } from '@vouchers/messaging';
import { unavailable } from '@vouchers/service';
import type { PlatformKafka } from '../messaging/platform.kafka.ts';
import { coalesced } from './coalesced.ts';

/** How long a request waits for the present end. */
const END_WAIT_MS = 2_000;

/** Takes one record: the newest for its key so far, null where the key was deleted. */
export type Take = (key: string, value: Buffer | null) => void;

export class CompactedTopic {
  private consumption?: Consumption;
  /** By partition: the next offset to read. */
  private readonly next = new Map<number, bigint>();
  private readonly waiting = new Set<{ ends: bigint[]; resolve: () => void }>();
  /** Reads to the end that the topic has now; 503 without Kafka. */
  readonly toPresentEnd = coalesced(() => this.readToEnd());

  constructor(
    private readonly platform: PlatformKafka,
    private readonly topic: string,
    private readonly groupId: string,
    private readonly take: Take,
  ) {}

  /** Resolves when what stood in the topic at the start has been taken. */
  async start(): Promise<void> {
    const { kafka } = this.platform;
    const ends = await endOffsets(kafka, this.topic);
    this.consumption ??= await consumeBatches(
      kafka,
      {
        groupId: this.groupId,
        topics: [this.topic],
        startAt: async (_topic, partition) => this.next.get(partition) ?? 0n,
        outOfRange: 'earliest',
      },
      async (batch) => this.handle(batch),
    );
    await this.reached(ends);
  }

  async stop(): Promise<void> {
    await this.consumption?.stop();
  }

  healthy(): boolean {
    return this.consumption?.healthy() ?? false;
  }

  private async readToEnd(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error('not reached in time')), END_WAIT_MS);
    try {
      await Promise.race([
        endOffsets(this.platform.kafka, this.topic).then((ends) => this.reached(ends)),
        late.promise,
      ]);
    } catch {
      throw unavailable('Kafka is away.');
    } finally {
      clearTimeout(timer);
    }
  }

  private handle({ partition, records }: RecordBatch): void {
    for (const { key, value } of records) if (key !== null) this.take(key, value);
    this.next.set(partition, records.at(-1)!.offset + 1n);
    for (const waiter of this.waiting) {
      if (!this.has(waiter.ends)) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }

  private reached(ends: bigint[]): Promise<void> {
    if (this.has(ends)) return Promise.resolve();
    return new Promise((resolve) => this.waiting.add({ ends, resolve }));
  }

  private has(ends: bigint[]): boolean {
    return ends.every((end, partition) => (this.next.get(partition) ?? 0n) >= end);
  }
}
