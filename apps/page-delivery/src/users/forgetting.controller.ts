import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { isParty, LONGEST_PARTY, UUID } from '@vouchers/contracts';
import { choice, COUNT, ID, named, record, text, type TypeOf } from '@vouchers/contracts/schemas';
import {
  Answers,
  CurrentCaller,
  IdempotencyKey,
  notFound,
  Refuses,
  Scopes,
  TakesIdempotencyKey,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { submissionIdOf } from '../submissions/idempotency.ts';
import { actorOf } from '../submissions/write-request.ts';
import { ForgettingDesk, type Progress } from './forgetting.desk.ts';

const FORGETTING = named(
  'Forgetting',
  record({
    id: ID,
    status: choice('under-way', 'done'),
    partitions: record({ done: COUNT, of: COUNT }),
  }),
  'How far a user is forgotten. It does not say who it is',
);
type Forgetting = TypeOf<typeof FORGETTING>;

const shown = (id: string, partitions: Progress): Forgetting => ({
  id,
  status: partitions.done < partitions.of ? 'under-way' : 'done',
  partitions,
});

@Controller('v1')
export class ForgettingController {
  constructor(private readonly desk: ForgettingDesk) {}

  @Post('users/:id/forget')
  @HttpCode(202)
  @Scopes('users:forget')
  @TakesIdempotencyKey()
  @ApiOperation({ summary: 'Have a user forgotten by all services, in all teams' })
  @ApiParam({ name: 'id', schema: { ...text(LONGEST_PARTY, 1), description: "the token's `sub`" } as object })
  @Answers(202, FORGETTING, 'Location')
  @Refuses([404])
  async forgetUser(
    @Param('id') userId: string,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Forgetting> {
    if (!isParty(userId)) throw notFound();
    const id = submissionIdOf(caller, request.method, request.url.split('?', 1)[0]!, key);
    await this.desk.ask({ forgettingId: id, userId, by: actorOf(caller) });
    void reply.header('location', `/v1/forgettings/${id}`);
    return shown(id, (await this.desk.progress(id))!);
  }

  @Get('forgettings/:id')
  @Scopes('users:forget')
  @ApiOperation({ summary: 'How far a user is forgotten' })
  @Answers(200, FORGETTING)
  @Refuses([404])
  async getForgetting(@Param('id') id: string): Promise<Forgetting> {
    const progress = UUID.test(id) ? await this.desk.progress(id) : undefined;
    if (!progress) throw notFound();
    return shown(id.toLowerCase(), progress);
  }
}
