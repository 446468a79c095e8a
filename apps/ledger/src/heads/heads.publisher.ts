// Publishes the head of each owned partition's chain. Whoever kept one can show that events before it were altered.
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HEAD_TYPE, type ChainHead } from '@vouchers/contracts';
import { chainHead, lastPublishedHead, notePublished } from '@vouchers/event-store';
import { cloudEvent } from '@vouchers/messaging';
import { LOGGER, metrics, repeatedly } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { OwnedPartitions } from '../deciding/owned.partitions.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';

/** The longest time between two looks at what is due. */
const LOOK_EACH_MS = 60_000;

const failures = new Counter({
  name: 'ledger_head_publishing_failures_total',
  help: 'Failed attempts to publish heads of chains, which are tried again within a minute',
  registers: [metrics],
});

@Injectable()
export class HeadsPublisher implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: LedgerSettings,
    private readonly connections: LedgerConnections,
    private readonly partitions: OwnedPartitions,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** The tables must exist. */
  start(): void {
    void repeatedly(() => this.publish(), {
      everyMs: Math.min(LOOK_EACH_MS, this.settings.headsEveryMs),
      signal: this.stopping.signal,
      onFailure: ({ message }) => {
        failures.inc();
        this.logger.warn(`heads are not published: ${message}`);
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Publishes the heads that are due, and notes each when Kafka has it. Owners that change may publish one twice. */
  private async publish(): Promise<void> {
    for (const { partition } of this.partitions.owners()) {
      if (this.stopping.signal.aborted) return;
      await this.publishOf(partition);
    }
  }

  private async publishOf(partition: number): Promise<void> {
    const { store, producer } = this.connections;
    const { readers, writers } = store.pools;
    const last = await lastPublishedHead(readers, partition);
    const at = Date.now();
    if (last && at - last.at < this.settings.headsEveryMs) return;
    const head = await chainHead(readers, partition);
    if (!head || head.seq <= (last?.seq ?? 0)) return;
    const key = `${partition}:${head.seq}`;
    const value: ChainHead = { ...head, at: new Date(at).toISOString() };
    const headers = cloudEvent({ id: key, type: HEAD_TYPE, source: '/ledger', time: value.at, subject: key });
    const topic = this.settings.topics.heads;
    await producer.send([{ topic, partition, key, value: JSON.stringify(value), headers }]);
    await notePublished(writers, { ...head, at });
  }
}
