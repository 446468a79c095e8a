import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { PAGE_DATA } from '@vouchers/contracts/schemas';
import { AboutUser, Answers, CurrentCaller, Direct, Refuses, Scopes, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VisitedPage } from './visited-page.ts';

@Controller('v1/pages')
export class PagesController {
  constructor(private readonly page: VisitedPage) {}

  @Get(':slug')
  @Direct()
  @Scopes('pages:read')
  @AboutUser()
  @ApiOperation({ summary: 'A page as its visitor sees it; pushes what it shows as claimable' })
  @TakesPosition()
  @Answers(200, PAGE_DATA)
  @Refuses([404])
  @Header('content-type', 'application/json; charset=utf-8')
  one(@Param('slug') slug: string, @CurrentCaller() caller: Caller, @Req() request: FastifyRequest): Promise<string> {
    return this.page.visit(slug, caller, request);
  }
}
