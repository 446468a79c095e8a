import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { LABEL, type List, type Voucher } from '@vouchers/contracts';
import {
  arrayOf,
  itemsOf,
  listOf,
  maybe,
  text,
  VOUCHER,
  VOUCHER_BATCH,
  VOUCHER_SPEC_INPUT,
  VOUCHER_STATE,
} from '@vouchers/contracts/schemas';
import {
  Answers,
  AnswersNothing,
  BodyLimit,
  CurrentCaller,
  forbidden,
  NeedsIfMatch,
  PAGING,
  Queries,
  Refuses,
  Scopes,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { batchOf, itemPointer } from './voucher-batch.body.ts';
import { answerVoucher, voucherShown } from './voucher.shown.ts';
import { specOf } from './voucher.spec-body.ts';
import { VoucherReads, type VoucherQuery } from './voucher.reads.ts';
import { VoucherWrites } from './voucher.writes.ts';

const VOUCHER_BYTES = 2 * 1024 * 1024;
const BATCH_BYTES = 16 * 1024 * 1024;

@Controller('v1/vouchers')
export class VouchersController {
  constructor(
    private readonly reads: VoucherReads,
    private readonly writes: VoucherWrites,
  ) {}

  @Post()
  @Scopes('vouchers:write')
  @BodyLimit(VOUCHER_BYTES)
  @ApiOperation({ summary: 'Create a draft' })
  @ApiBody({ schema: VOUCHER_SPEC_INPUT })
  @Answers(201, VOUCHER, 'ETag', 'Location')
  @Refuses([409])
  async createVoucher(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    const [row] = await this.writes.create([specOf(body)], 'draft', caller);
    reply.header('location', `/v1/vouchers/${row!.id}`);
    return answerVoucher(reply, row!);
  }

  @Post('batch')
  @Scopes('vouchers:write')
  @BodyLimit(BATCH_BYTES)
  @ApiOperation({
    summary: 'Create up to 1,000, all or nothing; `publish` makes them published at once',
    description: 'With `publish`, the scope vouchers:publish is needed, too.',
  })
  @ApiBody({ schema: VOUCHER_BATCH })
  @Answers(201, itemsOf(VOUCHER))
  @Refuses([409])
  async createVouchers(@Body() body: unknown, @CurrentCaller() caller: Caller): Promise<{ items: Voucher[] }> {
    const publish = (body as { publish?: unknown } | undefined)?.publish === true;
    if (publish && !caller.scopes.has('vouchers:publish'))
      throw forbidden('Publishing needs the scope vouchers:publish.');
    const rows = await this.writes.create(batchOf(body), publish ? 'published' : 'draft', caller, itemPointer);
    return { items: rows.map(voucherShown) };
  }

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'Vouchers, newest first' })
  @Queries({
    state: maybe(VOUCHER_STATE),
    label: maybe({
      ...arrayOf({ type: 'string', pattern: LABEL.source }),
      description: 'key:value; of several labels, a voucher must have all',
    }),
    search: maybe({
      ...text(200),
      description: 'a part of the name, a label or the description, in any case and any encoding of accents; or an id',
    }),
    id: maybe({ type: 'string', description: 'only these vouchers: 1 to 200 ids, comma separated' }),
    ...PAGING,
  })
  @Answers(200, listOf(VOUCHER))
  listVouchers(@Query() query: VoucherQuery, @CurrentCaller() caller: Caller): Promise<List<Voucher>> {
    return this.reads.list(query, caller);
  }

  @Get(':id')
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'A voucher as it is now' })
  @Answers(200, VOUCHER, 'ETag')
  @Refuses([404])
  async getVoucher(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return answerVoucher(reply, await this.reads.one(id, caller));
  }

  @Put(':id')
  @Scopes('vouchers:write')
  @NeedsIfMatch()
  @BodyLimit(VOUCHER_BYTES)
  @ApiOperation({
    summary: 'A new version with this spec',
    description: 'Of a voucher that is no draft, it is live at once: then the scope vouchers:publish is needed, too.',
  })
  @ApiBody({ schema: VOUCHER_SPEC_INPUT })
  @Answers(200, VOUCHER, 'ETag')
  @Refuses([404, 409])
  async replaceVoucher(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return answerVoucher(reply, await this.writes.replace(id, specOf(body), ifMatch, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @Scopes('vouchers:write')
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Delete a draft; its id is never used again' })
  @AnswersNothing()
  @Refuses([404, 409])
  async deleteVoucher(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.writes.remove(id, ifMatch, caller);
  }
}
