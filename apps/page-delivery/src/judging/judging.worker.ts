// The judging thread. It does the work that may be expensive: dry runs and dry quotes, and pages and qualifications with heavy rules.
import type { VoucherSpec } from '@vouchers/contracts';
import { serveThread, type Job } from '@vouchers/service/thread';
import type { VoucherState } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';
import { dryQuote } from '../dry-quote/dry-quote.work.ts';
import { dryRun, type DryRun } from '../dry-run/dry-run.work.ts';
import { JUDGEMENTS, type Judging, type Numbered } from './judgements.ts';

export type JudgingJob = { dryRun: DryRun } | { dryQuote: DryRun } | { judging: Judging };

/** Specs with their parsed conditions. The unit of size is characters of JSON. */
const specs = new LRUCache<number, VoucherSpec>({
  maxSize: 2_000_000,
  sizeCalculation: (spec) => JSON.stringify(spec).length,
});

serveThread((work: JudgingJob, job): Promise<unknown> => {
  if ('dryRun' in work) return dryRun(work.dryRun, job);
  return 'dryQuote' in work ? dryQuote(work.dryQuote, job) : judged(work.judging, job);
});

async function judged({ kind, input, vouchers: sent }: Judging, job: Job): Promise<unknown> {
  const vouchers = new Map<string, VoucherState>();
  for (const [id, voucher] of sent) vouchers.set(id, await whole(voucher, job));
  const judging = JUDGEMENTS[kind]({ ...input, vouchers } as never);
  for (;;) {
    const step = judging.next();
    if (step.done) return step.value;
    await job.giveWay();
  }
}

async function whole({ definition, ...state }: Numbered, job: Job): Promise<VoucherState> {
  const number = definition.spec;
  let spec = specs.get(number);
  if (!spec) {
    spec = (await job.ask(number)) as VoucherSpec;
    specs.set(number, spec);
  }
  return { ...state, definition: { ...definition, spec } };
}
