import { Injectable } from '@nestjs/common';
import { UUID } from '@vouchers/contracts';
import type { VoucherTimeline } from '@vouchers/event-store';
import { partitionOfKey } from '@vouchers/messaging';
import { CostlyWork, notFound } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import type { ReplayKind, Replays } from './replays.ts';

/** A voucher's past. Questions that need a replay go to the replay thread. */
@Injectable()
export class VoucherHistory {
  constructor(
    private readonly settings: LedgerSettings,
    private readonly connections: LedgerConnections,
    private readonly costly: CostlyWork,
  ) {}

  /** @throws 404 for an id that is no UUID */
  partitionOf(voucherId: string): number {
    if (!UUID.test(voucherId)) throw notFound();
    return partitionOfKey(voucherId.toLowerCase(), this.settings.partitions);
  }

  /** Finds the voucher's events by time, up to now. @throws 404 if it has none */
  async timeline(voucherId: string): Promise<VoucherTimeline> {
    const partition = this.partitionOf(voucherId);
    const head = await this.connections.history.head(partition, voucherId);
    if (!head) throw notFound();
    return this.connections.history.timeline(partition, voucherId, head.seq);
  }

  /** @param advice a sentence that says how to ask for less @throws 404, 422 too-costly, 429, 503 */
  replay<Kind extends ReplayKind>(
    request: FastifyRequest,
    advice: string,
    kind: Kind,
    voucherId: string,
    question: Replays[Kind]['question'],
  ): Promise<Replays[Kind]['answer']> {
    const key = { partition: this.partitionOf(voucherId), voucherId };
    return this.costly.runElsewhere(request, advice, (work) =>
      this.connections.replays.ask(kind, { ...key, ...question }, work),
    );
  }
}
