// Which vouchers are parked, as this process knows it: read again every second, shown in the ready answer and at /metrics.
import type { Logger } from 'pino';
import { AskedGauge } from '../metrics.ts';
import { ProblemError } from '../problem.ts';
import type { Readiness } from '../readiness.ts';
import { LIST_PARKED, type Ask, type ParkedVoucher } from './parked.tables.ts';

const READ_EACH_MS = 1_000;
/** An operator has to do something first: nobody gains by asking sooner. Unit: seconds. */
const RETRY_AFTER = '60';

const parkedVouchers = new AskedGauge('parked_vouchers', 'Vouchers that this service does not follow, until a retry');

/** 503: the ledger knows, but this service cannot say before an operator has retried the voucher. */
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
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly ask: Ask,
    private readonly logger: Pick<Logger, 'warn'>,
    readiness: Readiness,
  ) {
    parkedVouchers.ask(() => (this.isRead ? [[{}, this.known.size]] : []));
    readiness.add('parked', () => {
      if (!this.isRead) throw new Error('not yet known which vouchers are parked');
    });
    readiness.note('parked', () =>
      // The reason may repeat what stands in a record, and anybody may ask: it is told by the operator's command.
      [...this.known.values()].map(({ voucherId, partition, firstSeq, at }) => ({
        voucherId,
        partition,
        firstSeq,
        at,
      })),
    );
  }

  /** Reads them now and every second from now on. */
  follow(): void {
    this.timer = setTimeout(
      () => void this.read().finally(() => this.timer && this.follow()),
      this.isRead ? READ_EACH_MS : 0,
    );
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  has(voucherId: string): boolean {
    return this.known.has(voucherId);
  }

  ids(): string[] {
    return [...this.known.keys()];
  }

  private async read(): Promise<void> {
    try {
      const rows = await this.ask<ParkedVoucher>(LIST_PARKED);
      this.known = new Map(rows.map((row) => [row.voucherId, row]));
      this.isRead = true;
      this.isAway = false;
    } catch (error) {
      // What was known stays; the log says it once.
      if (!this.isAway) this.logger.warn({ err: error }, 'it cannot be read which vouchers are parked');
      this.isAway = true;
    }
  }
}
