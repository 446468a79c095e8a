import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { PAGE_DATA } from '@vouchers/contracts/schemas';
import { AboutUser, Answers, callerOf, Direct, Refuses, Scopes } from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VisitedPage } from './visited-page.ts';

@Controller('v1/pages')
export class PagesController {
  constructor(private readonly page: VisitedPage) {}

  @Get(':slug')
  @Direct()
  @Scopes('pages:read')
  @AboutUser()
  @ApiOperation({ summary: 'A page as its visitor sees it; its claimable vouchers are pushed' })
  @TakesPosition()
  @Answers(200, PAGE_DATA)
  @Refuses([404])
  @ApiParam({ name: 'slug', type: String })
  viewPage(request: FastifyRequest<{ Params: { slug: string } }>, reply: FastifyReply): Promise<string> {
    reply.header('content-type', 'application/json; charset=utf-8');
    return this.page.visit(request.params.slug, callerOf(request), request);
  }
}
