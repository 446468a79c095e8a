import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { CounterValues, Proof } from '@vouchers/contracts';
import { choice, maybe, PROOF } from '@vouchers/contracts/schemas';
import { Answers, AT, Queries, Refuses, Scopes, tooManyRequests } from '@vouchers/service';
import { claimQuantity, countersOf } from '@vouchers/voucher';
import { isDeepStrictEqual } from 'node:util';
import { CountersReader } from '../counters/counters.reader.ts';
import { proofs } from '../deciding/ledger.metrics.ts';
import { VoucherHistory } from '../history/voucher.history.ts';
import { timeOf, type Query as QueryOf } from '../queries.ts';

@Controller('v1/vouchers/:id/proof')
export class ProofController {
  private fullRunning = false;

  constructor(
    private readonly history: VoucherHistory,
    private readonly counters: CountersReader,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The counters recomputed from the events, beside those kept' })
  @Queries({ at: AT, full: maybe({ ...choice('true', 'false'), description: 'from the first event; one at a time' }) })
  @Answers(200, PROOF)
  @Refuses([404, 429])
  async proof(@Param('id') id: string, @Query() query: QueryOf): Promise<Proof> {
    const at = timeOf(query, 'at');
    const full = query['full'] === 'true';
    if (!full) return this.prove(id, at, false);
    if (this.fullRunning) throw tooManyRequests(5);
    this.fullRunning = true;
    try {
      return await this.prove(id, at, true);
    } finally {
      this.fullRunning = false;
    }
  }

  private async prove(id: string, at: Date | undefined, full: boolean): Promise<Proof> {
    const { seq, projected } = at ? await this.keptAt(id, at) : await this.keptNow(id);
    const state = await this.history.stateAt(id, seq, full);
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
  private async keptAt(id: string, at: Date): Promise<{ seq: number; projected: CounterValues }> {
    const seq = await this.history.seqAt(id, at);
    return { seq, projected: countersOf(await this.history.stateAt(id, seq)) };
  }
}
