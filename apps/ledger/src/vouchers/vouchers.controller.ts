import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, LABEL, UUID, type List, type VoucherStatus } from '@vouchers/contracts';
import {
  arrayOf,
  choice,
  COUNT,
  ID,
  listOf,
  maybe,
  named,
  orNull,
  record,
  RESOURCE_TYPE,
  text,
  TIME,
  VERSION,
  VOUCHER_STATE,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import {
  Answers,
  badRequest,
  CurrentCaller,
  pageOf,
  PAGING,
  paging,
  Queries,
  Scopes,
  Tenancy,
  type Caller,
} from '@vouchers/service';
import type { Query as QueryOf } from '../queries.ts';
import {
  ATTENTIONS,
  SORTS,
  TIMES,
  VouchersReader,
  type VoucherListed,
  type VouchersFilter,
} from './vouchers.reader.ts';

const LISTED = named(
  'VoucherListed',
  record({
    voucherId: ID,
    name: text(),
    state: VOUCHER_STATE,
    free: { ...orNull(COUNT), description: 'units that can be claimed; null without a claim quantity' },
    attention: {
      ...arrayOf(choice(...ATTENTIONS)),
      description:
        'sold-out; low-stock: less than a tenth is free; ends-soon: its claim window ends within two days; refusals: at least half of its newest events are refused claims, and it had one within the hour; proof-broken: its kept counters do not add up, so no proof of it holds; behind: an event of it has not been published for a minute, so pages show an older state',
    },
    resourceType: RESOURCE_TYPE,
    team: text(),
    version: VERSION,
    claimUntil: TIME,
    claimQuantity: orNull(COUNT),
  }),
);
type Listed = TypeOf<typeof LISTED>;

@Controller('v1/vouchers')
export class VouchersController {
  constructor(
    private readonly vouchers: VouchersReader,
    private readonly tenancy: Tenancy,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'Vouchers by what the ledger knows of them: state, free units, what needs attention' })
  @Queries({
    attention: maybe(choice('any', ...ATTENTIONS)),
    soldOut: maybe(choice('true', 'false')),
    type: maybe(RESOURCE_TYPE),
    state: maybe(VOUCHER_STATE),
    time: maybe({ ...choice(...TIMES), description: 'of its claim window' }),
    team: maybe(text()),
    label: maybe({ type: 'string', pattern: LABEL.source, description: 'key:value' }),
    sort: maybe({ ...choice(...SORTS), default: 'newest' }),
    ...PAGING,
  })
  @Answers(200, listOf(LISTED))
  async surveyVouchers(@Query() query: QueryOf, @CurrentCaller() caller: Caller): Promise<List<Listed>> {
    const { limit, after } = paging(query, 2);
    if (after && !UUID.test(after[1]!)) throw badRequest([fault('/after', 'cursor')]);
    const sort = (query['sort'] ?? 'newest') as (typeof SORTS)[number];
    const rows = await this.vouchers.list(filterOf(query), {
      sort,
      after,
      limit: limit + 1,
      seen: this.tenancy.seenBy(caller),
    });
    return pageOf(rows, limit, ({ sorted, voucherId }) => [sorted, voucherId], shown);
  }
}

function filterOf(query: QueryOf): VouchersFilter {
  const { attention, soldOut, type, state, time, team, label } = query;
  const [, key, value] = (label !== undefined && LABEL.exec(label)) || [];
  return {
    attention: attention as VouchersFilter['attention'],
    soldOut: soldOut === undefined ? undefined : soldOut === 'true',
    type,
    state: state as VoucherStatus | undefined,
    time: time as VouchersFilter['time'],
    team,
    ...(key !== undefined && { label: { key, value: value! } }),
  };
}

const shown = ({ sorted: _, ...listed }: VoucherListed): Listed => listed as Listed;
