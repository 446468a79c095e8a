// The main thread's side of the judging thread.
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { VoucherSpec } from '@vouchers/contracts';
import { BackgroundThread, LOGGER, metrics, Turns } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { DryQuote } from '../dry-quote/dry-quote.schema.ts';
import type { OrderQuery, VouchersOfOrder } from '../dry-quote/dry-quote.work.ts';
import type { DryDecision, DryRunVoucher } from '../dry-run/dry-run.judged.ts';
import type { DryRun, VoucherQuery } from '../dry-run/dry-run.work.ts';
import { numbered, numberOf, type InputOf, type Judged, type Judging, type Kind } from './judgements.ts';
import type { JudgingJob } from './judging.worker.ts';

const ends = new Counter({
  name: 'page_delivery_judging_thread_ends_total',
  help: 'Unexpected ends of the judging thread; the next job starts another one',
  registers: [metrics],
});

/** A body of megabytes waits as bytes, and is parsed only when its job runs. */
const DRY_RUNS = { atOnce: 2, mostWaiting: 100, waitMs: 30_000, what: 'dry runs' };
/** These jobs are small, and a request waits for each. A job that gets no turn is done by the event loop. */
const JUDGINGS = { atOnce: 4, mostWaiting: 12, waitMs: 2_000, what: 'heavy judgements' };

@Injectable()
export class JudgingThread implements OnApplicationShutdown {
  private readonly thread: BackgroundThread;
  private readonly dryRuns = new Turns(DRY_RUNS);
  private readonly judgings = new Turns(JUDGINGS);

  constructor(@Inject(LOGGER) logger: Logger) {
    const entry = new URL('./judging.worker', import.meta.url);
    this.thread = new BackgroundThread({ entry, does: 'judges', ends }, logger);
  }

  onApplicationShutdown(): Promise<void> {
    return this.thread.close();
  }

  dryRun(
    dryRun: DryRun,
    signal: AbortSignal,
    tell: (query: VoucherQuery) => Promise<DryRunVoucher>,
  ): Promise<{ items: DryDecision[] }> {
    return this.thread.ask({ dryRun } satisfies JudgingJob, { signal, turns: this.dryRuns, tell });
  }

  dryQuote(
    dryQuote: DryRun,
    signal: AbortSignal,
    tell: (query: OrderQuery) => Promise<VouchersOfOrder>,
  ): Promise<DryQuote> {
    return this.thread.ask({ dryQuote } satisfies JudgingJob, { signal, turns: this.dryRuns, tell });
  }

  judge<K extends Kind>(kind: K, { vouchers, ...input }: InputOf<K>, signal: AbortSignal): Promise<Judged<K>> {
    const specs = new Map<number, VoucherSpec>();
    const sent = [...vouchers].map(([id, voucher]) => {
      const { spec } = voucher.definition;
      specs.set(numberOf(spec), spec);
      return [id, numbered(voucher)];
    });
    const judging = { kind, input, vouchers: sent } as unknown as Judging;
    const tell = (number: number) => Promise.resolve(specs.get(number));
    return this.thread.ask({ judging } satisfies JudgingJob, { signal, turns: this.judgings, tell });
  }
}
