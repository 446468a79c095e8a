// Reads the parked vouchers every second and shows them at /health/ready and /metrics.
import { ObservableGauge, ProblemError, repeatedly, type Readiness } from '@vouchers/service';
import type { Logger } from 'pino';
import { LIST_PARKED, type Ask, type ParkedVoucher } from './parked.tables.ts';

const READ_EACH_MS = 1_000;
/** An operator must act first, so a caller need not retry earlier. Unit: seconds. */
const RETRY_AFTER = '60';

const parkedVouchers = new ObservableGauge(
  'parked_vouchers',
  'Vouchers that this service does not follow, until a retry',
);

/** The 503 answer for a parked voucher: the ledger knows it, but this service does not until an operator retries it. */
export const parkedProblem = (what = 'The voucher'): ProblemError =>
  new ProblemError(503, {
    reason: 'parked',
    detail: `${what} is parked: an operator has to look at it. What is written is decided all the same.`,
    headers: { 'retry-after': RETRY_AFTER },
  });

export class ParkedVouchers {
  private known: ReadonlyMap<string, ParkedVoucher> = new Map();
  private isRead = false;
  private isAway = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly ask: Ask,
    private readonly logger: Pick<Logger, 'warn'>,
    readiness: Readiness,
  ) {
    parkedVouchers.observe(() => (this.isRead ? [[{}, this.known.size]] : []));
    readiness.add('parked', () => {
      if (!this.isRead) throw new Error('not yet known which vouchers are parked');
    });
    readiness.note('parked', () =>
      // The reason is left out, because it may have content of a record and anybody may read this. The command shows
      // it.
      [...this.known.values()].map(({ voucherId, partition, firstSeq, at }) => ({
        voucherId,
        partition,
        firstSeq,
        at,
      })),
    );
  }

  /** Reads the parked vouchers at once and then every second. */
  follow(): void {
    void repeatedly(() => this.read(), {
      everyMs: READ_EACH_MS,
      signal: this.stopping.signal,
      onFailure: (error) => {
        // The vouchers that were read last stay known. Only the first of several failures is logged.
        if (!this.isAway) this.logger.warn({ err: error }, 'it cannot be read which vouchers are parked');
        this.isAway = true;
      },
    });
  }

  stop(): void {
    this.stopping.abort();
  }

  has(voucherId: string): boolean {
    return this.known.has(voucherId);
  }

  ids(): string[] {
    return [...this.known.keys()];
  }

  private async read(): Promise<void> {
    const rows = await this.ask<ParkedVoucher>(LIST_PARKED);
    this.known = new Map(rows.map((row) => [row.voucherId, row]));
    this.isRead = true;
    this.isAway = false;
  }
}
