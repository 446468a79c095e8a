import { Body, Controller, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import type { List, Voucher } from '@vouchers/contracts';
import { BodyLimit, CurrentCaller, forbidden, NeedsIfMatch, Scopes, type Caller } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { batchOf } from './voucher-batch.body.ts';
import { answerVoucher, voucherShown } from './voucher.shown.ts';
import { VOUCHER_BATCH_SCHEMA, VOUCHER_SPEC_SCHEMA } from './voucher.schema.ts';
import { specOf } from './voucher.spec-body.ts';
import { VoucherReads } from './voucher.reads.ts';
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
  @ApiBody({ schema: VOUCHER_SPEC_SCHEMA })
  @ApiOperation({ summary: 'Create a draft' })
  async create(
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
  @ApiBody({ schema: VOUCHER_BATCH_SCHEMA })
  @ApiOperation({ summary: 'Create up to 1,000, all or nothing; `publish` makes them published at once' })
  async createBatch(@Body() body: unknown, @CurrentCaller() caller: Caller): Promise<{ items: Voucher[] }> {
    const publish = (body as { publish?: unknown } | undefined)?.publish === true;
    if (publish && !caller.scopes.has('vouchers:publish'))
      throw forbidden('Publishing needs the scope vouchers:publish.');
    const rows = await this.writes.create(batchOf(body), publish ? 'published' : 'draft', caller);
    return { items: rows.map(voucherShown) };
  }

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'Vouchers, newest first' })
  list(@Query() query: Record<string, unknown>): Promise<List<Voucher>> {
    return this.reads.list(query);
  }

  @Get(':id')
  @Scopes('vouchers:read')
  async read(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Voucher> {
    return answerVoucher(reply, await this.reads.one(id));
  }

  @Put(':id')
  @Scopes('vouchers:write')
  @NeedsIfMatch()
  @BodyLimit(VOUCHER_BYTES)
  @ApiBody({ schema: VOUCHER_SPEC_SCHEMA })
  @ApiOperation({ summary: 'A new version with this spec' })
  async replace(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return answerVoucher(reply, await this.writes.replace(id, specOf(body), ifMatch, caller));
  }
}
