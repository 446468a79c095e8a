import { Controller, Get, Param, Query } from '@nestjs/common';
import { UUID, type Counters } from '@vouchers/contracts';
import { badRequest, notFound, Scopes } from '@vouchers/service';
import { VoucherHistory } from '../history/voucher.history.ts';
import { checkQuery, timeOf, type Query as QueryOf } from '../queries.ts';
import { countersShown, CountersReader, type SummedCounters } from './counters.reader.ts';

const MAX_VOUCHERS = 200;
const LABEL = /^([a-z0-9-]{1,63}):(.{0,200})$/s;

@Controller('v1')
export class CountersController {
  constructor(
    private readonly counters: CountersReader,
    private readonly history: VoucherHistory,
  ) {}

  @Get('vouchers/:id/counters')
  @Scopes('ledger:read')
  async ofVoucher(@Param('id') id: string, @Query() query: QueryOf): Promise<Counters> {
    checkQuery(query, ['at']);
    const at = timeOf(query, 'at');
    const partition = this.history.partitionOf(id);
    if (at) return countersShown(await this.history.stateAt(id, await this.history.seqAt(id, at)), partition);
    const [now] = await this.counters.now([id]);
    if (!now) throw notFound();
    return now;
  }

  @Get('counters')
  @Scopes('ledger:read')
  async ofMany(@Query() query: QueryOf): Promise<SummedCounters | { items: Counters[] }> {
    checkQuery(query, ['label', 'voucherId']);
    const { label, voucherId } = query as { label?: string; voucherId?: string };
    if ((label === undefined) === (voucherId === undefined)) throw badRequest('Either label or voucherId is needed.');
    if (label !== undefined) {
      const [, key, value] = LABEL.exec(label) ?? [];
      if (key === undefined) throw badRequest([{ pointer: '/label', message: 'must be key:value' }]);
      return this.counters.labelled(key, value!);
    }
    const ids = voucherId!.split(',');
    if (ids.length > MAX_VOUCHERS || !ids.every((id) => UUID.test(id))) {
      throw badRequest([
        { pointer: '/voucherId', message: `must be 1 to ${MAX_VOUCHERS} voucher ids, comma separated` },
      ]);
    }
    return { items: await this.counters.now(ids) };
  }
}
