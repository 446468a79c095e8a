import { Controller, Get, Header, Param, UseInterceptors } from '@nestjs/common';
import { AboutUser, CurrentCaller, Scopes, type Caller } from '@vouchers/service';
import { ReadYourWrites } from '../read-model/read-your-writes.ts';
import { pageText } from './page-text.ts';
import { VisitedPage } from './visited-page.ts';

@Controller('v1/pages')
@UseInterceptors(ReadYourWrites)
export class PagesController {
  constructor(private readonly page: VisitedPage) {}

  @Get(':slug')
  @Scopes('pages:read')
  @AboutUser()
  @Header('content-type', 'application/json; charset=utf-8')
  async one(@Param('slug') slug: string, @CurrentCaller() caller: Caller): Promise<Buffer> {
    return pageText(await this.page.visit(slug, caller));
  }
}
