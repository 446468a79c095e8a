import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { UUID, type DecisionTrace } from '@vouchers/contracts';
import {
  choice,
  CLAIM,
  ENTRY,
  ID,
  maybe,
  named,
  REASON,
  record,
  REDEMPTION,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { AboutUser, Answers, CurrentCaller, notFound, Refuses, Scopes, type Caller } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { askerOf } from './idempotency.ts';
import { PendingSubmissions } from './pending-submissions.ts';
import { EntryReads } from '../waiting-list/entry.reads.ts';
import { answerHeaders } from './submission-desk.ts';

const SUBMISSION_STATUS = named(
  'SubmissionStatus',
  record({
    submissionId: ID,
    status: choice('pending', 'accepted', 'refused'),
    reason: maybe(REASON),
    claim: maybe(CLAIM),
    redemption: maybe(REDEMPTION),
    entry: maybe(ENTRY),
  }),
);
/** The state of a submission, with its claim, redemption and entry as they are now. */
type SubmissionStatus = TypeOf<typeof SUBMISSION_STATUS>;

@Controller('v1/submissions')
export class SubmissionsController {
  constructor(
    private readonly ledger: LedgerClient,
    private readonly pending: PendingSubmissions,
    private readonly entries: EntryReads,
  ) {}

  @Get(':id')
  @Scopes('claims:write', 'claims:act', 'redemptions:write', 'vouchers:publish')
  @AboutUser('optional')
  @ApiOperation({ summary: 'The state of a submission; only its asker may read it' })
  @TakesPosition()
  @Answers(200, SUBMISSION_STATUS, 'Submission-Id', 'Voucher-Position')
  @Refuses([404])
  async getSubmission(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubmissionStatus> {
    if (!UUID.test(id)) throw notFound();
    const submissionId = id.toLowerCase();
    const asker = askerOf(caller);
    const [isPending, decision] = await Promise.all([
      this.pending.has(submissionId, asker),
      this.decisionOf(submissionId),
    ]);
    // While the ledger is away, a pending submission is still answered.
    if (decision instanceof Error && !isPending) throw decision;
    if (decision && !(decision instanceof Error)) {
      // The ledger does not know the asker of a submission that it could not read. A pending submission has its asker.
      const isOwn = decision.asker === asker || (decision.asker === undefined && isPending);
      if (!isOwn) throw notFound();
      void reply.headers(answerHeaders(submissionId, { partition: decision.partition, seq: decision.lastSeq }));
      const { verdict, reason, claim, redemption } = decision;
      const entry = decision.entry && (await this.entries.shown([decision.entry]))[0];
      const status = verdict === 'granted' ? 'accepted' : 'refused';
      return { submissionId, status, reason, claim, redemption, entry };
    }
    if (!isPending) throw notFound();
    return { submissionId, status: 'pending' };
  }

  private decisionOf(submissionId: string): Promise<DecisionTrace | undefined | Error> {
    return this.ledger
      .decision(submissionId)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  }
}
