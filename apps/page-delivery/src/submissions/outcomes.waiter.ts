// Follows the outcomes from the topic's end, in a consumer group of only this process, and gives them to the requests
// that wait for them. It reads only the headers of a record for which no request waits.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HEADERS, type EventData, type Submission } from '@vouchers/contracts';
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
import { eventPositionOf, outcomeOf, type EventPosition } from '@vouchers/outcomes';
import { Readiness, showConsumption } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { Holdings } from '../read-model/holdings.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { PageDeliverySettings } from '../settings.ts';

/** The decision that a request waited for. */
export interface AwaitedDecision {
  /** The data of its verdict event. */
  data: EventData;
  /** The position of its last event. */
  position: EventPosition;
  /** True if it was made for an earlier submission with the same id. */
  repeated: boolean;
}

/** A request that waits for its decision. */
export interface Expectation {
  decision: Promise<AwaitedDecision>;
  /** To be called in any case, so that the request does not stay in memory. */
  end(): void;
}

interface Waiting {
  /** The time of the submission that this request has sent. */
  at: string;
  resolve(decision: AwaitedDecision): void;
}

@Injectable()
export class OutcomesWaiter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly waiting = new Map<string, Set<Waiting>>();
  /** By partition, the next offset to read. A group that is joined again continues there. */
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
  expect({ submissionId, at }: Pick<Submission, 'submissionId' | 'at'>): Expectation {
    const { promise, resolve } = Promise.withResolvers<AwaitedDecision>();
    const waiting = { at, resolve };
    const all = this.waiting.get(submissionId) ?? new Set();
    this.waiting.set(submissionId, all.add(waiting));
    return {
      decision: promise,
      end: () => {
        all.delete(waiting);
        if (all.size === 0 && this.waiting.get(submissionId) === all) this.waiting.delete(submissionId);
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
      const position = eventPositionOf(record, partition);
      // The projector logs it.
      if (!position) continue;
      const seen = this.states.saw(headerOf(record, HEADERS.subject) ?? '', position);
      if (seen === 'missed') this.holdings.missed(position);
      if (seen === 'next') this.holdings.saw(record, position);
      this.answer(record, position, seen === 'again');
    }
    this.next[partition] = records.at(-1)!.offset + 1n;
  }

  /**
   * Answers the requests that wait for this outcome. The decision is a repeat for a request if the ledger published the
   * event again, or if the event has the time of another submission with the same id.
   */
  private answer(record: IncomingRecord, { partition, seq }: EventPosition, isAgain: boolean): void {
    const submissionId = headerOf(record, HEADERS.submissionId);
    const all = submissionId === undefined ? undefined : this.waiting.get(submissionId);
    if (!all) return;
    const data = outcomeOf(record, { partition, seq })?.data;
    // The requests are answered 202, and the ledger tells them the decision.
    if (!data) return;
    this.waiting.delete(submissionId!);
    const span = startSpan('answer', headerOf(record, HEADERS.traceparent), { kind: SpanKind.CONSUMER });
    const position = { partition, seq: seq + (data.followedBy ?? 0) };
    for (const { at, resolve } of all) resolve({ data, position, repeated: isAgain || data.occurredAt !== at });
    if (span) endSpan(span);
  }
}
