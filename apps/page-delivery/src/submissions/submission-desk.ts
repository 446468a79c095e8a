// Publishes a submission and waits for its decision. Every write of page-delivery passes here.
import { Injectable } from '@nestjs/common';
import { SUBMISSION_TYPES, type PushSubmission, type Submission } from '@vouchers/contracts';
import { cloudEvent, NotSent, partitionOfKey, sendInSpans, type OutgoingRecord } from '@vouchers/messaging';
import type { EventPosition } from '@vouchers/outcomes';
import { currentTraceparent, keyReused, ProblemError, unavailable } from '@vouchers/service';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { outcomeWait } from './outcome-waits.ts';
import { OutcomesWaiter, type AwaitedDecision } from './outcomes.waiter.ts';
import { PendingSubmissions } from './pending-submissions.ts';

/** How long `ask` waits before it is asked again. */
const ASK_MS = 2_000;

/** A submission whose request waits for the decision: all kinds but pushes. */
export type AwaitedSubmission = Exclude<Submission, PushSubmission>;

/** The ledger's decision, or `pending` if it did not come in time. */
export type Answer =
  { status: 'decided'; submissionId: string; decision: AwaitedDecision } | { status: 'pending'; submissionId: string };

@Injectable()
export class SubmissionDesk {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly platform: PlatformKafka,
    private readonly waiter: OutcomesWaiter,
    private readonly pending: PendingSubmissions,
  ) {}

  /**
   * @throws ProblemError 503 without `Submission-Id` if nothing was accepted, and with it if the submission may have
   * been accepted; 422 if the same key was used before for another body
   */
  async submit(submission: AwaitedSubmission): Promise<Answer> {
    const { submissionId } = submission;
    const expected = this.waiter.expect(submission);
    const sentAt = Date.now();
    try {
      const { outcomeWaitMs } = this.settings;
      const decision = await this.decided(submission, expected.decision, outcomeWaitMs, (error) =>
        this.unsent(submission, error),
      );
      outcomeWait(decision ? 'decided' : 'pending', Date.now() - sentAt);
      if (decision) return answerOf(submission, decision);
    } finally {
      expected.end();
    }
    if (!(await this.pending.keep(submission))) throw reused(submissionId);
    return { status: 'pending', submissionId };
  }

  /**
   * Publishes a submission that is kept elsewhere, and waits for its decision. Asked again, the decision is the same.
   * Undefined if it did not come in time, or if Kafka is away.
   */
  async ask(submission: AwaitedSubmission): Promise<AwaitedDecision | undefined> {
    const expected = this.waiter.expect(submission);
    try {
      return await this.decided(submission, expected.decision, ASK_MS, () => pause(ASK_MS, undefined, { ref: false }));
    } finally {
      expected.end();
    }
  }

  /**
   * Publishes and waits. Undefined if Kafka has the submission, but the decision did not come in time.
   * @param unsent what counts if Kafka does not have it, or has not answered
   */
  private decided(
    submission: AwaitedSubmission,
    decision: Promise<AwaitedDecision>,
    waitMs: number,
    unsent: (error: unknown) => Promise<undefined>,
  ): Promise<AwaitedDecision | undefined> {
    const until = Date.now() + waitMs;
    return new Promise((resolve) => {
      let isDecided = false;
      let timer: NodeJS.Timeout | undefined;
      void decision.then((decided) => {
        isDecided = true;
        clearTimeout(timer);
        resolve(decided);
      });
      // The decision may come before Kafka's acknowledgement, which then no longer matters.
      sendInSpans(this.platform.producer, [this.recordOf(submission)]).then(
        () => {
          if (!isDecided) timer = setTimeout(resolve, Math.max(until - Date.now(), 0), undefined);
        },
        (error: unknown) => {
          if (!isDecided) resolve(unsent(error));
        },
      );
    });
  }

  /** The record of a submission, with its partition. */
  recordOf(submission: Submission): OutgoingRecord {
    const { kind, submissionId, voucherId, at } = submission;
    const traceparent = 'traceparent' in submission ? submission.traceparent : currentTraceparent();
    return {
      topic: this.settings.topics.submissions,
      partition: partitionOfKey(voucherId, this.settings.partitions),
      key: voucherId,
      value: JSON.stringify({ ...submission, salt: randomUUID() }),
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

  private async unsent(submission: AwaitedSubmission, error: unknown): Promise<never> {
    outcomeWait(error instanceof NotSent ? 'not-sent' : 'unknown', 0);
    if (error instanceof NotSent) throw unavailable('Kafka is away: nothing was accepted.');
    const { submissionId } = submission;
    // If Postgres is away, too, the caller still has the id and the key.
    const kept = await this.pending.keep(submission).catch(() => true);
    if (!kept) throw reused(submissionId);
    throw unavailable('Kafka has not answered: it may have been accepted. Ask again with the same key.', {
      'submission-id': submissionId,
    });
  }
}

function answerOf({ submissionId, bodyHash }: AwaitedSubmission, decision: AwaitedDecision): Answer {
  const { data, position } = decision;
  if (data.bodyHash !== undefined && data.bodyHash !== bodyHash) throw reused(submissionId, position);
  return { status: 'decided', submissionId, decision };
}

function reused(submissionId: string, position?: EventPosition): ProblemError {
  return new ProblemError(422, { ...keyReused().about, headers: answerHeaders(submissionId, position) });
}

/** The headers of each answer to a write that became a submission. */
export function answerHeaders(submissionId: string, position?: EventPosition): Record<string, string> {
  return {
    'submission-id': submissionId,
    ...(position && { 'voucher-position': `${position.partition}:${position.seq}` }),
  };
}
