import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { CounterValues, Proof } from '@vouchers/contracts';
import { choice, maybe, PROOF } from '@vouchers/contracts/schemas';
import { Answers, AT, AtOnce, CostlyWork, Queries, Refuses, Scopes, type Budget } from '@vouchers/service';
import { claimQuantity, countersOf } from '@vouchers/voucher';
import type { FastifyRequest } from 'fastify';
import { isDeepStrictEqual } from 'node:util';
import { CountersReader } from '../counters/counters.reader.ts';
import { proofs } from '../deciding/ledger.metrics.ts';
import { VoucherHistory } from '../history/voucher.history.ts';
import { timeOf, type Query as QueryOf } from '../queries.ts';

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
    private readonly counters: CountersReader,
    private readonly costly: CostlyWork,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The counters recomputed from the events, beside those kept' })
  @Queries({ at: AT, full: maybe({ ...choice('true', 'false'), description: 'from the first event; one at a time' }) })
  @Answers(200, PROOF)
  @Refuses([404, 422])
  async proof(@Param('id') id: string, @Query() query: QueryOf, @Req() request: FastifyRequest): Promise<Proof> {
    const at = timeOf(query, 'at');
    const full = query['full'] === 'true';
    return this.costly.run(request, full ? FULL_ADVICE : ADVICE, async (budget) => {
      const leave = full ? this.full.enter() : undefined;
      try {
        return await this.prove(id, at, full, budget);
      } finally {
        leave?.();
      }
    });
  }

  private async prove(id: string, at: Date | undefined, full: boolean, budget: Budget): Promise<Proof> {
    const { seq, projected } = at ? await this.keptAt(id, at, budget) : await this.keptNow(id);
    const state = await this.history.stateAt(id, seq, budget, full);
    const recomputed = countersOf(state);
    const { free, offered, held, locked, used, retired } = recomputed;
    const quantity = claimQuantity(state);
    const adds = quantity === null ? free === null : quantity === free! + offered + held + locked + used + retired;
    const holds = adds && (free ?? 0) >= 0 && isDeepStrictEqual(recomputed, projected);
    proofs.inc({ holds: String(holds) });
    return {
      holds,
      claimQuantity: quantity,
      ...{ free, offered, held, locked, used, retired },
      projected,
      head: { partition: this.history.partitionOf(id), seq },
    };
  }

  private async keptNow(id: string): Promise<{ seq: number; projected: CounterValues }> {
    await this.history.now(id);
    const [{ voucherId: _, asOf, ...projected }] = (await this.counters.projected([id])) as [
      Awaited<ReturnType<CountersReader['now']>>[0],
    ];
    return { seq: asOf.seq, projected };
  }

  /** Of the past the checkpoints are kept. */
  private async keptAt(id: string, at: Date, budget: Budget): Promise<{ seq: number; projected: CounterValues }> {
    const seq = await this.history.seqAt(id, at);
    return { seq, projected: countersOf(await this.history.stateAt(id, seq, budget)) };
  }
}
