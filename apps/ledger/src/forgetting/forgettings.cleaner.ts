import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ForgettingStore } from '@vouchers/event-store';
import { LOGGER, repeatedly } from '@vouchers/service';
import type { Logger } from 'pino';
import { OwnedPartitions } from '../deciding/owned.partitions.ts';
import { LedgerConnections } from '../ledger.connections.ts';

const EVERY_MS = 2_000;

/**
 * Deletes the ids of forgotten users when followers can read them on Kafka, and the facts of their claims when those
 * are over.
 */
@Injectable()
export class ForgettingsCleaner implements OnModuleInit, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly forgettings: ForgettingStore;

  constructor(
    connections: LedgerConnections,
    private readonly partitions: OwnedPartitions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.forgettings = new ForgettingStore(connections.store);
  }

  onModuleInit(): void {
    void repeatedly(() => this.clean(), {
      everyMs: EVERY_MS,
      signal: this.stopping.signal,
      onFailure: ({ message }) => this.logger.warn(`ids of forgotten users are not deleted yet: ${message}`),
    });
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async clean(): Promise<void> {
    const owned = [...this.partitions.owners()].map(({ partition }) => partition);
    if (owned.length > 0) await this.forgettings.clean(owned);
  }
}
