import { Controller, Get, Param, UseInterceptors } from '@nestjs/common';
import type { PageData } from '@vouchers/contracts';
import { AboutUser, CurrentCaller, Scopes, type Caller } from '@vouchers/service';
import { ReadYourWrites } from '../read-model/read-your-writes.ts';
import { VisitedPage } from './visited-page.ts';

@Controller('v1/pages')
@UseInterceptors(ReadYourWrites)
export class PagesController {
  constructor(private readonly page: VisitedPage) {}

  @Get(':slug')
  @Scopes('pages:read')
  @AboutUser()
  one(@Param('slug') slug: string, @CurrentCaller() caller: Caller): Promise<PageData> {
    return this.page.visit(slug, caller);
  }
}
