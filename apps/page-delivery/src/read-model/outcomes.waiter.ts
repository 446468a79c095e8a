// Follows the outcomes from the latest, in a group of this process alone, and answers the requests that wait for one.
// A record that nobody waits for is told apart by its headers, unparsed.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HEADERS } from '@vouchers/contracts';
import {
  consumeBatches,
  endOffsets,
  endSpan,
  headerOf,
  SpanKind,
  startSpan,
  type Consumption,
  type IncomingRecord,
  type RecordBatch,
} from '@vouchers/messaging';
import { Readiness, showConsumption } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { Holdings } from './holdings.ts';
import { outcomeOf, placeOf, type Outcome } from './outcome.ts';
import { VoucherStates } from './voucher-states.ts';

/** The decision of a submission. */
export interface Verdict extends Outcome {
  /** It was decided before: the ledger published it again for whoever asked again. */
  repeated: boolean;
}

/** Of one who waits. */
export interface Expectation {
  verdict: Promise<Verdict>;
  /** To be called in any case: nobody is forgotten, nothing is kept. */
  end(): void;
}

interface Waiting extends PromiseWithResolvers<Verdict> {
  waiters: number;
}

@Injectable()
export class OutcomesWaiter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly waiting = new Map<string, Waiting>();
  /** By partition: the next offset to read, so that a rejoined group misses nothing. */
  private next: bigint[] = [];
  private consumption?: Consumption;

  constructor(
    private readonly platform: PlatformKafka,
    private readonly settings: PageDeliverySettings,
    private readonly states: VoucherStates,
    private readonly holdings: Holdings,
    readiness: Readiness,
  ) {
    showConsumption('waiter', () => this.consumption);
    readiness.add('outcomes', () => {
      if (!this.consumption?.healthy()) throw new Error('not followed');
    });
  }

  onApplicationBootstrap(): void {
    void this.follow().catch(() => undefined);
  }

  /** To be called before the submission is published. */
  expect(submissionId: string): Expectation {
    const waiting = this.waiting.get(submissionId) ?? { ...Promise.withResolvers<Verdict>(), waiters: 0 };
    this.waiting.set(submissionId, waiting);
    waiting.waiters += 1;
    return {
      verdict: waiting.promise,
      end: () => {
        waiting.waiters -= 1;
        if (waiting.waiters === 0 && this.waiting.get(submissionId) === waiting) this.waiting.delete(submissionId);
      },
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.consumption?.stop();
  }

  private async follow(): Promise<void> {
    await this.platform.whenReady();
    await this.platform.untilDone('outcomes', async () => {
      const topic = this.settings.topics.outcomes;
      if (this.next.length === 0) {
        this.next = await endOffsets(this.platform.kafka, topic);
        this.states.beginAt(this.next);
      }
      this.consumption = await consumeBatches(
        this.platform.kafka,
        {
          groupId: `${this.settings.group('waiter')}.${this.platform.processId}`,
          topics: [topic],
          signal: this.platform.signal,
          startAt: async (_topic, partition) => this.next[partition],
          outOfRange: 'earliest',
        },
        async (batch) => this.handle(batch),
      );
    });
  }

  private handle({ partition, records }: RecordBatch): void {
    for (const record of records) {
      const place = placeOf(record, partition);
      // The projector tells of it.
      if (!place) continue;
      const seen = this.states.saw(headerOf(record, HEADERS.subject) ?? '', place);
      if (seen === 'missed') this.holdings.missed(place);
      if (seen === 'next') this.holdings.saw(record, place);
      this.answer(record, partition, seen === 'again');
    }
    this.next[partition] = records.at(-1)!.offset + 1n;
  }

  private answer(record: IncomingRecord, partition: number, repeated: boolean): void {
    const submissionId = headerOf(record, HEADERS.submissionId);
    const waiting = submissionId === undefined ? undefined : this.waiting.get(submissionId);
    if (!waiting) return;
    const outcome = outcomeOf(record, partition);
    // Whoever waits is answered 202, and finds the decision at the ledger.
    if (!outcome) return;
    this.waiting.delete(submissionId!);
    const span = startSpan('answer', headerOf(record, HEADERS.traceparent), { kind: SpanKind.CONSUMER });
    waiting.resolve({ ...outcome, repeated });
    if (span) endSpan(span);
  }
}
