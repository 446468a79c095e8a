import { Controller, Get, Param, Query } from '@nestjs/common';
import type { List } from '@vouchers/contracts';
import { Scopes } from '@vouchers/service';
import { VoucherReads } from './voucher.reads.ts';
import { versionShown, type VersionShown } from './voucher.shown.ts';

@Controller('v1/vouchers/:id/versions')
export class VoucherVersionsController {
  constructor(private readonly reads: VoucherReads) {}

  @Get()
  @Scopes('vouchers:read')
  list(@Param('id') id: string, @Query() query: Record<string, unknown>): Promise<List<VersionShown>> {
    return this.reads.versions(id, query);
  }

  @Get(':version')
  @Scopes('vouchers:read')
  async read(@Param('id') id: string, @Param('version') version: string): Promise<VersionShown> {
    return versionShown(await this.reads.version(id, version));
  }
}
