// Submissions that were answered without a decision (202, or 503 with Submission-Id). They are stored, so that every
// replica knows them.
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ObservableGauge, Database, LOGGER, metrics, repeatedly } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { ReadModel } from '../read-model/read-model.ts';
import { PageDeliverySettings } from '../settings.ts';

/** A submission that waits for its decision. */
export interface PendingSubmission {
  submissionId: string;
  voucherId: string;
  asker: string;
  bodyHash: string;
  at: string;
}

const KEEP = {
  name: 'keep-pending',
  text: `INSERT INTO pending_submissions (submission_id, voucher_id, asker, body_hash, at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (submission_id) DO UPDATE SET submission_id = excluded.submission_id RETURNING body_hash`,
};
const FIND = {
  name: 'find-pending',
  text: 'SELECT 1 FROM pending_submissions WHERE submission_id = $1 AND asker = $2',
};
// Replicas prune at the same time, and each takes rows that no other has locked.
const PRUNE = {
  name: 'prune-pending',
  text: `WITH old AS (
      SELECT submission_id FROM pending_submissions WHERE kept_at < now() - make_interval(days => $1)
      ORDER BY kept_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ), pruned AS (DELETE FROM pending_submissions p USING old WHERE p.submission_id = old.submission_id RETURNING 1)
    SELECT count(*)::int AS rows FROM pruned`,
};
const OVERDUE = {
  name: 'pending-overdue',
  text: `SELECT greatest(extract(epoch FROM now() - make_interval(days => $1) - min(kept_at)), 0)::float8 AS seconds
    FROM pending_submissions`,
};
const PRUNE_EACH_MS = 10 * 60 * 1_000;
/** The rows that one statement deletes. It takes far less than the time-out. */
const SLICE = 1_000;
/** The most slices of one pruning. Other rows wait for the next one. */
const MOST_SLICES = 1_000;

const overdue = new ObservableGauge(
  'page_delivery_pending_overdue_seconds',
  'How much longer than PENDING_DAYS the oldest pending submission has been kept',
);
const failures = new Counter({
  name: 'page_delivery_pending_prune_failures_total',
  help: 'Failed prunings of pending submissions; the next one starts ten minutes later',
  registers: [metrics],
});

@Injectable()
export class PendingSubmissions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly readModel: ReadModel,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {
    overdue.observe(async () => {
      const [row] = await this.readModel.rows<{ seconds: number | null }>(OVERDUE, [settings.pendingDays]);
      return [[{}, row!.seconds ?? 0]];
    });
  }

  onApplicationBootstrap(): void {
    this.database.whenReady().then(
      () =>
        repeatedly(() => this.prune(), {
          everyMs: PRUNE_EACH_MS,
          signal: this.stopping.signal,
          onFailure: ({ message }) => {
            failures.inc();
            this.logger.warn(`pending submissions are not pruned: ${message}`);
          },
        }),
      // The service stops before it has reached Postgres.
      () => undefined,
    );
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Stores a submission. @returns false if its key was used before for another body */
  async keep({ submissionId, voucherId, asker, bodyHash, at }: PendingSubmission): Promise<boolean> {
    const [row] = await this.readModel.rows<{ body_hash: string }>(KEEP, [
      submissionId,
      voucherId,
      asker,
      bodyHash,
      at,
    ]);
    return row!.body_hash === bodyHash;
  }

  async has(submissionId: string, asker: string): Promise<boolean> {
    return (await this.readModel.rows(FIND, [submissionId, asker])).length > 0;
  }

  /** Deletes submissions that are older than PENDING_DAYS, in slices. */
  async prune(): Promise<void> {
    for (let slice = 0; slice < MOST_SLICES && !this.stopping.signal.aborted; slice += 1) {
      const [pruned] = await this.readModel.rows<{ rows: number }>(PRUNE, [this.settings.pendingDays, SLICE]);
      if (pruned!.rows < SLICE) return;
    }
  }
}
