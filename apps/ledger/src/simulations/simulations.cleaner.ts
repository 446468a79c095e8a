import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { SimulationsStore } from '@vouchers/event-store';
import { LOGGER, repeatedly } from '@vouchers/service';
import type { Logger } from 'pino';
import { LedgerConnections } from '../ledger.connections.ts';

const EVERY_MS = 60_000;
/** The rows per statement. */
const EXPIRED_AT_ONCE = 100;
const DIFFERENCES_AT_ONCE = 5_000;

/** Deletes simulations that were removed, or are older than 30 days. Any replica may do so at any time. */
@Injectable()
export class SimulationsCleaner implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly store: SimulationsStore;

  constructor(
    connections: LedgerConnections,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.store = new SimulationsStore(connections.historyPool);
  }

  /** Begins now and repeats every minute. The tables must exist. */
  start(): void {
    void repeatedly(() => this.clean(), {
      everyMs: EVERY_MS,
      signal: this.stopping.signal,
      onFailure: ({ message }) => this.logger.warn(`old simulations are not deleted yet: ${message}`),
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  async clean(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && (await this.store.expire(EXPIRED_AT_ONCE)) === EXPIRED_AT_ONCE);
    while (!signal.aborted && (await this.store.clean(DIFFERENCES_AT_ONCE)));
  }
}
