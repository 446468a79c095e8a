// Submissions given out without their decision (202, or 503 with Submission-Id), so that every replica knows them.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@vouchers/service';
import { ReadModel } from '../read-model/read-model.ts';

/** One that waits for its decision. */
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
/** As long as the submissions' topic keeps them: what is not decided by then never will be. */
const FORGET = {
  name: 'forget-pending',
  text: `DELETE FROM pending_submissions WHERE kept_at < now() - interval '30 days'`,
};
const FORGET_EACH_MS = 24 * 60 * 60 * 1_000;

@Injectable()
export class PendingSubmissions implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly readModel: ReadModel,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.forgetSoon(), FORGET_EACH_MS).unref();
    this.forgetSoon();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** False: the same key was used before, for another body. */
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

  /** Drops what is older than the submissions' topic. */
  async forget(): Promise<void> {
    await this.readModel.rows(FORGET);
  }

  /** Where Postgres is away, or the service stops, tomorrow will do. */
  private forgetSoon(): void {
    this.database
      .whenReady()
      .then(() => this.forget())
      .catch(() => undefined);
  }
}
