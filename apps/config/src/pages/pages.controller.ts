import { Body, Controller, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { List, Page } from '@vouchers/contracts';
import { PageBody } from '@vouchers/contracts/bodies';
import { badRequest, CurrentCaller, faultsOf, preconditionRequired, Scopes, type Caller } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { isSlug, PageReads } from './page.reads.ts';
import { pageShown } from './page.shown.ts';
import { PageWrites } from './page.writes.ts';

const PAGE_SCHEMA = {
  type: 'object',
  required: ['title', 'voucherIds'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    voucherIds: { type: 'array', maxItems: 1_000, uniqueItems: true, items: { type: 'string', format: 'uuid' } },
  },
};

@Controller('v1/pages')
export class PagesController {
  constructor(
    private readonly reads: PageReads,
    private readonly writes: PageWrites,
  ) {}

  @Get()
  @Scopes('vouchers:read')
  list(@Query() query: Record<string, unknown>): Promise<List<Page>> {
    return this.reads.list(query);
  }

  @Get(':slug')
  @Scopes('vouchers:read')
  async read(@Param('slug') slug: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Page> {
    const row = await this.reads.one(slug);
    reply.header('etag', `"${row.version}"`);
    return pageShown(row);
  }

  @Put(':slug')
  @Scopes('vouchers:write')
  @ApiBody({ schema: PAGE_SCHEMA })
  async put(
    @Param('slug') slug: string,
    @Body() body: unknown = {},
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    // 428 comes before 400, and only a page that exists needs If-Match: so the body is checked here, not by its type.
    if (ifMatch === undefined && (await this.reads.find(slug))) throw preconditionRequired('If-Match');
    if (!isSlug(slug)) throw badRequest('A slug is 1 to 80 of a-z, 0-9 and -.');
    const faults = faultsOf(PageBody, body);
    if (faults.length > 0) throw badRequest(faults);
    const row = await this.writes.put(slug, body as PageBody, ifMatch, caller);
    reply.header('etag', `"${row.version}"`);
    if (row.version === 1) reply.code(201).header('location', `/v1/pages/${slug}`);
    return pageShown(row);
  }
}
