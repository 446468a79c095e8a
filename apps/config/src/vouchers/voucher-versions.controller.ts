import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { List } from '@vouchers/contracts';
import { listOf } from '@vouchers/contracts/schemas';
import { Answers, CurrentCaller, PAGING, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import { VoucherReads } from './voucher.reads.ts';
import { VERSION, versionShown, type VersionShown } from './voucher.shown.ts';

@Controller('v1/vouchers/:id/versions')
export class VoucherVersionsController {
  constructor(private readonly reads: VoucherReads) {}

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'Versions, newest first' })
  @Queries(PAGING)
  @Answers(200, listOf(VERSION))
  @Refuses([404])
  listVoucherVersions(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @CurrentCaller() caller: Caller,
  ): Promise<List<VersionShown>> {
    return this.reads.versions(id, query, caller);
  }

  @Get(':version')
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'One version' })
  @Answers(200, VERSION)
  @Refuses([404])
  async getVoucherVersion(
    @Param('id') id: string,
    @Param('version') version: string,
    @CurrentCaller() caller: Caller,
  ): Promise<VersionShown> {
    return versionShown(await this.reads.version(id, version, caller));
  }
}
