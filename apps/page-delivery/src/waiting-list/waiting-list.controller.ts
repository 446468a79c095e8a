// Users go on the waiting list of a voucher, leave it, and see where they stand.
import { Controller, Delete, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, UUID, type Definition, type Entry, type List } from '@vouchers/contracts';
import { ENTRY, ID, listOf, maybe, maybeWithout, type Schema } from '@vouchers/contracts/schemas';
import { partitionOfKey } from '@vouchers/messaging';
import {
  AboutUser,
  Answers,
  badRequest,
  CurrentCaller,
  notFound,
  pageOf,
  PAGING,
  paging,
  ProblemError,
  Queries,
  Scopes,
  TakesBody,
  TakesIdempotencyKey,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { joinBody, type JoinBody } from '../claims/claim.bodies.ts';
import { Parked, type Unavailable } from '../parked/parked.ts';
import { Definitions } from '../read-model/definitions.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { PageDeliverySettings } from '../settings.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { AnswersDecision, AnswersRepeatableDecision } from '../submissions/answers-decision.ts';
import { idInPartition } from '../submissions/idempotency.ts';
import { answerHeaders, SubmissionDesk } from '../submissions/submission-desk.ts';
import { basisOf, Write, type WriteRequest } from '../submissions/write-request.ts';
import { EntryReads } from './entry.reads.ts';

/** The query as the route declares it. */
interface EntriesQuery {
  state?: Entry['state'];
  voucherId?: string;
  limit?: string;
  after?: string;
}

const STATE = (ENTRY['properties'] as { state: Schema<Entry['state']> }).state;

@Controller('v1')
export class WaitingListController {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly definitions: Definitions,
    private readonly desk: SubmissionDesk,
    private readonly entries: EntryReads,
    private readonly parked: Parked,
  ) {}

  @Put('vouchers/:id/waiting-list-entry')
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @TakesIdempotencyKey()
  @ApiOperation({ summary: 'Join the waiting list of a voucher. Without a key, one who waits already gets 200' })
  @AnswersDecision(201, ENTRY)
  @Answers(200, ENTRY, 'Submission-Id', 'Voucher-Position')
  @TakesBody(joinBody)
  async joinWaitingList(
    @Param('id') id: string,
    @Write() write: WriteRequest<JoinBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Entry | Pending> {
    const definition = await this.find(id);
    const { voucherId } = definition;
    const { caller, body, key } = write;
    const basis = basisOf(write, definition);
    const entryId = idInPartition(Date.parse(basis.at), partitionOfKey(voucherId, this.settings.partitions));
    const answer = await this.desk.submit({
      ...basis,
      kind: 'join',
      entryId,
      userId: caller.userId!,
      ...body,
      ...(await this.definitions.strip(voucherId, caller.userAttributes)),
    });
    const unless = key === undefined ? 'already-waiting' : undefined;
    const show = (decision: Parameters<EntryReads['after']>[0]): Promise<Entry> => {
      const { reason, entry } = decision.data;
      if (reason !== undefined) void reply.code(200);
      else void reply.header('location', `/v1/waiting-list-entries?voucherId=${voucherId}`);
      return this.entries.after({ ...decision, repeated: decision.repeated || entry!.id !== entryId });
    };
    return answered(reply, answer, 201, show, unless);
  }

  @Delete('vouchers/:id/waiting-list-entry')
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Leave the waiting list of a voucher, or decline its offer' })
  @AnswersRepeatableDecision(ENTRY)
  async leaveWaitingList(
    @Param('id') id: string,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Entry | Pending> {
    const definition = await this.find(id);
    const { caller, key } = write;
    const userId = caller.userId!;
    const answer = await this.desk.submit({ ...basisOf(write, definition), kind: 'leave', userId });
    const unless = key === undefined ? 'not-waiting' : undefined;
    const show = async (decision: Parameters<EntryReads['after']>[0]): Promise<Entry> => {
      if (decision.data.reason === undefined) return this.entries.after(decision);
      const newest = await this.entries.newest(decision, userId, definition.voucherId);
      if (!newest) throw new ProblemError(404, { headers: answerHeaders(answer.submissionId, decision.position) });
      return newest;
    };
    return answered(reply, answer, 200, show, unless);
  }

  @Get('waiting-list-entries')
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'The entries of the user on waiting lists, newest first' })
  @Queries({ state: maybe(STATE), voucherId: maybe(ID), ...PAGING })
  @TakesPosition()
  @Answers(200, maybeWithout(listOf(ENTRY)))
  async listEntries(@Query() query: EntriesQuery, @CurrentCaller() caller: Caller): Promise<List<Entry> & Unavailable> {
    const { limit, after } = paging(query);
    if (after && !UUID.test(after[0]!)) throw badRequest([fault('/after', 'cursor')]);
    const voucherId = query.voucherId?.toLowerCase();
    const filter = { userId: caller.userId!, state: query.state, voucherId };
    const entries = await this.entries.list({ ...filter, after: after?.[0], limit: limit + 1 });
    const page = pageOf(
      entries,
      limit,
      ({ id }) => [id],
      (entry) => entry,
    );
    return { ...page, ...(voucherId === undefined && this.parked.inAnswer()) };
  }

  private async find(id: string): Promise<Definition> {
    if (!UUID.test(id)) throw notFound('unknown-voucher');
    return this.definitions.find(id.toLowerCase());
  }
}
