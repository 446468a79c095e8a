import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { FIRST_CHECKPOINT, thinCheckpoints } from '@vouchers/event-store';
import { ObservableGauge, LOGGER, metrics, repeatedly } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { LedgerConnections } from '../ledger.connections.ts';

const THIN_EACH_MS = 60 * 60 * 1_000;
/** The pause after a failure. Then thinning continues at the same checkpoint. */
const AGAIN_MS = 60 * 1_000;
/** The checkpoints per statement, which takes about ten milliseconds. */
const SLICE = 1_000;

const unthinned = new ObservableGauge(
  'ledger_checkpoints_unthinned_seconds',
  'Time since this replica last thinned out all checkpoints, or since its start',
);
const failures = new Counter({
  name: 'ledger_checkpoint_thinning_failures_total',
  help: 'Failed slices of checkpoint thinning, which are tried again a minute later',
  registers: [metrics],
});
const thinned = new Counter({
  name: 'ledger_checkpoints_thinned_total',
  help: 'Checkpoints that were deleted because another of the same day or month is kept',
  registers: [metrics],
});

/** Thins out the checkpoints of all partitions. Any replica may do so at any time. */
@Injectable()
export class CheckpointsThinning implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private after = FIRST_CHECKPOINT;
  private wholeAt = performance.now();

  constructor(
    private readonly connections: LedgerConnections,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {
    unthinned.observe(() => (this.stopping.signal.aborted ? [] : [[{}, (performance.now() - this.wholeAt) / 1_000]]));
  }

  /** Begins now and repeats every hour. The tables must exist. */
  start(): void {
    void repeatedly(() => this.thin(), {
      everyMs: THIN_EACH_MS,
      afterFailureMs: AGAIN_MS,
      signal: this.stopping.signal,
      onFailure: ({ message }) => {
        failures.inc();
        this.logger.warn(`checkpoints are not thinned out: ${message}`);
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Goes through all checkpoints, or continues where it failed. */
  async thin(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const place = await thinCheckpoints(this.connections.historyPool, this.after, SLICE);
      if (!place) {
        this.after = FIRST_CHECKPOINT;
        this.wholeAt = performance.now();
        return;
      }
      thinned.inc(place.thinned);
      this.after = place;
    }
  }
}
