// Submissions given out without their decision (202, or 503 with Submission-Id), so that every replica knows them.
import { Injectable } from '@nestjs/common';
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

@Injectable()
export class PendingSubmissions {
  constructor(private readonly readModel: ReadModel) {}

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
}
