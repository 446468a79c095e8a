import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  fault,
  partitionOf,
  UUID,
  uuidv7,
  type Actor,
  type List,
  type Reason,
  type Simulation,
  type SimulationDifference,
  type DifferenceClass,
  type SimulationInput,
  type SimulationListed,
} from '@vouchers/contracts';
import {
  DIFFERENCE_CLASS,
  DIFFERENCE_LIST,
  listOf,
  maybe,
  REASON,
  SIMULATION,
  SIMULATION_LISTED,
} from '@vouchers/contracts/schemas';
import { MOST_QUEUED } from '@vouchers/event-store';
import {
  Answers,
  AnswersNothing,
  badRequest,
  conflict,
  CurrentCaller,
  notFound,
  otherTeam,
  pageOf,
  PAGING,
  paging,
  Queries,
  Refuses,
  Scopes,
  TakesBody,
  tooManyRequests,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { randomInt } from 'node:crypto';
import { VoucherHistory } from '../history/voucher.history.ts';
import { numberOf, type Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';
import { differenceShown } from './difference.shown.ts';
import { simulationBody, wantedOf } from './simulation.input.ts';
import { resultOf, simulationListed, simulationShown } from './simulation.shown.ts';
import { Simulations } from './simulations.ts';

const RETRY_AFTER_SECONDS = 5;

@Controller('v1')
export class SimulationsController {
  constructor(
    private readonly simulations: Simulations,
    private readonly history: VoucherHistory,
    private readonly teams: TeamReads,
  ) {}

  @Post('vouchers/:id/simulations')
  @HttpCode(202)
  @Scopes('ledger:read')
  @ApiOperation({
    summary: 'Ask what a spec would have done to what really happened',
    description:
      'The recorded submissions of the voucher are decided again as if the spec had been its definition from its first publication on. `clock` and `windows.timeZone` must be the voucher’s own; `goods` do not come with it.',
  })
  @TakesBody(simulationBody)
  @Answers(202, SIMULATION, 'Location')
  @Refuses([404, 409, 429])
  async simulateVoucher(
    @Param('id') id: string,
    @Body() body: SimulationInput,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Simulation> {
    await this.teams.expectVoucher(caller, id);
    const partition = this.history.partitionOf(id);
    const voucher = await this.simulations.published(partition, id);
    if (!voucher) throw notFound();
    if (!voucher.published) throw conflict('not-published');
    const { spec, until } = wantedOf(body, voucher.definition);
    const askedAt = Date.now();
    const asked = {
      partition,
      simulationId: uuidv7(askedAt, partition, randomInt(2 ** 30), randomInt(2 ** 32)),
      voucherId: id.toLowerCase(),
      askedAt,
      askedBy: actorOf(caller),
      until,
      spec: JSON.stringify(spec),
    };
    const row = await this.simulations.add(asked);
    if (!row) throw tooManyRequests(RETRY_AFTER_SECONDS, `At most ${MOST_QUEUED} simulations wait for their turn.`);
    reply.header('location', `/v1/simulations/${asked.simulationId}`);
    return simulationShown(row);
  }

  @Get('vouchers/:id/simulations')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The simulations of a voucher, newest first' })
  @Queries(PAGING)
  @Answers(200, listOf(SIMULATION_LISTED))
  @Refuses([404])
  async listSimulations(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
  ): Promise<List<SimulationListed>> {
    await this.teams.expectVoucher(caller, id);
    // A voucher without events is 404.
    await this.history.timeline(id);
    const { limit, after } = paging(query);
    const before = after?.[0];
    if (before !== undefined && !UUID.test(before)) throw badRequest([fault('/after', 'cursor')]);
    const page = { limit: limit + 1, ...(before !== undefined && { before }) };
    const rows = await this.simulations.store.ofVoucher(this.history.partitionOf(id), id, page);
    return pageOf(rows, limit, ({ simulationId }) => [simulationId], simulationListed);
  }

  @Get('simulations/:id')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'A simulation, with its result when it is done' })
  @Answers(200, SIMULATION)
  @Refuses([404])
  async getSimulation(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<Simulation> {
    return simulationShown(await this.one(id, caller));
  }

  @Get('simulations/:id/differences')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The decisions that the spec would have changed, in the order in which they were made' })
  @Queries({
    class: maybe(DIFFERENCE_CLASS),
    reason: maybe({ ...REASON, description: 'of the verdict that was, or of the one that would be' }),
    ...PAGING,
  })
  @Answers(200, DIFFERENCE_LIST)
  @Refuses([404])
  async listSimulationDifferences(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
  ): Promise<List<SimulationDifference> & { more: number }> {
    const { limit, after } = paging(query);
    if (after && !/^\d{1,9}$/.test(after[0]!)) throw badRequest([fault('/after', 'cursor')]);
    const row = await this.one(id, caller);
    // While it runs, its differences are not complete.
    const isDone = row.state === 'done';
    const found = !isDone
      ? []
      : await this.simulations.differences.list(row, {
          class: query['class'] as DifferenceClass | undefined,
          reason: query['reason'] as Reason | undefined,
          after: numberOf({ after: after?.[0] }, 'after') ?? 0,
          limit: limit + 1,
        });
    const page = pageOf(found, limit, ({ number }) => [String(number)], differenceShown);
    return { ...page, more: resultOf(row).more ?? 0 };
  }

  @Delete('simulations/:id')
  @HttpCode(204)
  @Scopes('ledger:read')
  @ApiOperation({
    summary: 'Cancel a simulation that waits or runs, or remove one that is over',
    description: 'A cancelled one stays readable. It is removed when it is deleted again.',
  })
  @AnswersNothing()
  @Refuses([403, 404])
  async deleteSimulation(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    const row = await this.one(id, caller);
    const { partition, simulationId } = row;
    if (!(await this.simulations.mayDelete(row, caller))) throw otherTeam();
    if (!(await this.simulations.cancelOrRemove(partition, simulationId))) throw notFound();
  }

  private async one(id: string, caller: Caller) {
    await this.teams.expectSimulation(caller, id);
    const partition = partitionOf(id);
    const row = partition === undefined ? undefined : await this.simulations.store.one(partition, id);
    if (!row) throw notFound();
    return row;
  }
}

const actorOf = ({ sub, team, name }: Caller): Actor => ({ sub, team, ...(name !== undefined && { name }) });
