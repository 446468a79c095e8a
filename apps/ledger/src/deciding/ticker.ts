import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { cloudEvent } from '@vouchers/messaging';
import { TICK_TYPE, type Tick } from '@vouchers/contracts';
import { LOGGER } from '@vouchers/service';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import { OwnedPartitions } from './owned.partitions.ts';
import type { PartitionOwner } from './partition.owner.ts';

const EVERY_MS = 1_000;
/** The interval at which Postgres is asked whether a rebuild has changed rows. */
const EPOCHS_EVERY_MS = 2_000;
/** A tick's time is this far in the past, so that submissions that are on their way come first. */
const GRACE_MS = 2_000;
/** A tick that is not read within this time counts as lost. Only then another one is sent. */
const LOST_MS = 10_000;

/**
 * Appends a tick to each partition in which something is due. So the passing of time has a place in the order of
 * records.
 */
@Injectable()
export class Ticker implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private epochsAskedAt = 0;

  constructor(
    private readonly partitions: OwnedPartitions,
    private readonly connections: LedgerConnections,
    private readonly settings: LedgerSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.tick(), EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = Date.now();
    if (now - this.epochsAskedAt >= EPOCHS_EVERY_MS) {
      this.epochsAskedAt = now;
      this.askEpochs().catch((error: Error) => this.logger.warn(`the cursors' epochs are unknown: ${error.message}`));
    }
    for (const owner of this.partitions.owners()) {
      const { wakeAt, tickedAt } = owner;
      if (wakeAt === null || wakeAt > now - GRACE_MS) continue;
      if (tickedAt !== undefined && now - tickedAt < LOST_MS) continue;
      owner.tickedAt = now;
      this.send(owner, now - GRACE_MS).catch((error: Error) => {
        owner.tickedAt = undefined;
        this.logger.warn({ partition: owner.partition }, `no tick: ${error.message}`);
      });
    }
  }

  private async askEpochs(): Promise<void> {
    const owners = [...this.partitions.owners()];
    if (owners.length === 0) return;
    const epochs = await this.connections.context.epochs(owners.map(({ partition }) => partition));
    for (const owner of owners) owner.sawEpoch(epochs.get(owner.partition) ?? 0);
  }

  private async send({ partition }: PartitionOwner, at: number): Promise<void> {
    const tick: Tick = { at: new Date(at).toISOString() };
    const headers = cloudEvent({
      id: randomUUID(),
      type: TICK_TYPE,
      source: '/ledger',
      time: tick.at,
      subject: String(partition),
    });
    const { submissions: topic } = this.settings.topics;
    await this.connections.producer.send([{ topic, partition, key: '', value: JSON.stringify(tick), headers }]);
  }
}
