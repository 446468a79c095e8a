import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { timeOf, type Proof } from '@vouchers/contracts';
import { choice, maybe, PROOF } from '@vouchers/contracts/schemas';
import { Answers, AT, AtOnce, CurrentCaller, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { proofs } from '../deciding/ledger.metrics.ts';
import { VoucherHistory } from '../history/voucher.history.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';

const ADVICE = 'Ask for another moment: since the last checkpoint of this voucher more has happened than that.';
const FULL_ADVICE = 'Ask without full, or let the operator raise that setting: the voucher has more events than that.';

@Controller('v1/vouchers/:id/proof')
export class ProofController {
  private readonly full = new AtOnce(
    { all: 1 },
    { detail: 'Another proof from the first event is being made: one at a time.', retryAfterSeconds: 5 },
  );

  constructor(
    private readonly history: VoucherHistory,
    private readonly teams: TeamReads,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The counters recomputed from the events, beside those kept' })
  @Queries({ at: AT, full: maybe({ ...choice('true', 'false'), description: 'from the first event; one at a time' }) })
  @Answers(200, PROOF)
  @Refuses([404, 422])
  async getProof(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Proof> {
    await this.teams.expectVoucher(caller, id);
    const full = query['full'] === 'true';
    const leave = full ? this.full.enter() : undefined;
    try {
      const question = { at: timeOf(query['at']), full };
      const proof = await this.history.replay(request, full ? FULL_ADVICE : ADVICE, 'proof', id, question);
      proofs.inc({ holds: String(proof.holds) });
      return proof;
    } finally {
      leave?.();
    }
  }
}
