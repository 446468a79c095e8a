// Publishes a submission and waits for its decision: every write of page-delivery passes here.
import { Injectable } from '@nestjs/common';
import { SUBMISSION_TYPES, type PushSubmission, type Reason, type Submission } from '@vouchers/contracts';
import { cloudEvent, NotSent, partitionOfKey, sendInSpans, type OutgoingRecord } from '@vouchers/messaging';
import { currentTraceparent, keyReused, ProblemError, unavailable } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import type { Position } from '../read-model/voucher-states.ts';
import { PageDeliverySettings } from '../settings.ts';
import { outcomeWait } from './outcome-waits.ts';
import { OutcomesWaiter, type Verdict } from './outcomes.waiter.ts';
import { PendingSubmissions } from './pending-submissions.ts';

/** A submission that somebody waits for: all but pushes. */
export type AskedSubmission = Exclude<Submission, PushSubmission>;

/** What the ledger said, or that it has not said it in time. */
export type Answer =
  | { status: 'granted'; submissionId: string; verdict: Verdict; position: Position }
  | { status: 'refused'; submissionId: string; reason: Reason; verdict: Verdict; position: Position }
  | { status: 'pending'; submissionId: string };

@Injectable()
export class SubmissionDesk {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly platform: PlatformKafka,
    private readonly waiter: OutcomesWaiter,
    private readonly pending: PendingSubmissions,
  ) {}

  /**
   * @throws ProblemError 503 without `Submission-Id`: nothing was accepted; with it: it may have been.
   * 422: the same key was used before, for another body.
   */
  async submit(submission: AskedSubmission): Promise<Answer> {
    const { submissionId } = submission;
    const expected = this.waiter.expect(submission);
    const asked = Date.now();
    try {
      const verdict = await this.decided(submission, expected.verdict);
      outcomeWait(verdict ? 'decided' : 'pending', Date.now() - asked);
      if (verdict) return answerOf(submission, verdict);
    } finally {
      expected.end();
    }
    if (!(await this.pending.keep(submission))) throw reused(submissionId);
    return { status: 'pending', submissionId };
  }

  /** Publishes and waits. Undefined: Kafka has it, and the decision did not come in time. */
  private decided(submission: AskedSubmission, verdict: Promise<Verdict>): Promise<Verdict | undefined> {
    const until = Date.now() + this.settings.outcomeWaitMs;
    return new Promise((resolve) => {
      let isDecided = false;
      let timer: NodeJS.Timeout | undefined;
      void verdict.then((decided) => {
        isDecided = true;
        clearTimeout(timer);
        resolve(decided);
      });
      // A decision may come before Kafka's word that the submission was accepted; then that word no longer matters.
      sendInSpans(this.platform.producer, [this.recordOf(submission)]).then(
        () => {
          if (!isDecided) timer = setTimeout(resolve, Math.max(until - Date.now(), 0), undefined);
        },
        (error: unknown) => {
          if (!isDecided) resolve(this.unsent(submission, error));
        },
      );
    });
  }

  /** The record of a submission, its partition named. */
  recordOf(submission: Submission): OutgoingRecord {
    const { kind, submissionId, voucherId, at } = submission;
    const traceparent = 'traceparent' in submission ? submission.traceparent : currentTraceparent();
    return {
      topic: this.settings.topics.submissions,
      partition: partitionOfKey(voucherId, this.settings.partitions),
      key: voucherId,
      value: JSON.stringify(submission),
      headers: cloudEvent({
        id: submissionId,
        type: SUBMISSION_TYPES[kind],
        source: '/page-delivery',
        time: at,
        subject: voucherId,
        submissionId,
        traceparent,
      }),
    };
  }

  private async unsent(submission: AskedSubmission, error: unknown): Promise<never> {
    outcomeWait(error instanceof NotSent ? 'not-sent' : 'unknown', 0);
    if (error instanceof NotSent) throw unavailable('Kafka is away: nothing was accepted.');
    const { submissionId } = submission;
    // Should Postgres be away, too, the caller still has the id and its key.
    const kept = await this.pending.keep(submission).catch(() => true);
    if (!kept) throw reused(submissionId);
    throw unavailable('Kafka has not answered: it may have been accepted. Ask again with the same key.', {
      'submission-id': submissionId,
    });
  }
}

function answerOf({ submissionId, bodyHash }: AskedSubmission, verdict: Verdict): Answer {
  const { data, partition, seq } = verdict;
  const position = { partition, seq: seq + (data.followedBy ?? 0) };
  if (data.bodyHash !== undefined && data.bodyHash !== bodyHash) throw reused(submissionId, position);
  const { reason } = data;
  if (reason === undefined) return { status: 'granted', submissionId, position, verdict };
  return { status: 'refused', submissionId, position, reason, verdict };
}

function reused(submissionId: string, position?: Position): ProblemError {
  return new ProblemError(422, { ...keyReused().about, headers: answerHeaders(submissionId, position) });
}

/** What every answer to a write that became a submission carries. */
export function answerHeaders(submissionId: string, position?: Position): Record<string, string> {
  return {
    'submission-id': submissionId,
    ...(position && { 'voucher-position': `${position.partition}:${position.seq}` }),
  };
}
