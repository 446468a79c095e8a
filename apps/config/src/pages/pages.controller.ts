import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { fault, type List, type Page } from '@vouchers/contracts';
import { listOf, PAGE, PAGE_INPUT } from '@vouchers/contracts/schemas';
import {
  Answers,
  AnswersNothing,
  badRequest,
  CompiledBody,
  CurrentCaller,
  NeedsIfMatch,
  notFound,
  PAGING,
  preconditionRequired,
  Queries,
  Refuses,
  Scopes,
  TakesIfMatch,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { isSlug, PageReads } from './page.reads.ts';
import { pageShown } from './page.shown.ts';
import { PageWrites } from './page.writes.ts';

const pageBody = new CompiledBody(PAGE_INPUT);

@Controller('v1/pages')
export class PagesController {
  constructor(
    private readonly reads: PageReads,
    private readonly writes: PageWrites,
  ) {}

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'Pages by slug' })
  @Queries(PAGING)
  @Answers(200, listOf(PAGE))
  listPages(@Query() query: Record<string, unknown>, @CurrentCaller() caller: Caller): Promise<List<Page>> {
    return this.reads.list(query, caller);
  }

  @Get(':slug')
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'A page as staff made it' })
  @Answers(200, PAGE, 'ETag')
  @Refuses([404])
  async getPage(
    @Param('slug') slug: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const row = await this.reads.one(slug, caller);
    reply.header('etag', `"${row.version}"`);
    return pageShown(row);
  }

  @Put(':slug')
  @Scopes('vouchers:write')
  @ApiOperation({ summary: 'Make a page, or change it (then with If-Match)' })
  @ApiBody({ schema: PAGE_INPUT })
  @TakesIfMatch()
  @Answers(200, PAGE, 'ETag')
  @Answers(201, PAGE, 'ETag', 'Location')
  @Refuses([409, 428])
  async savePage(
    @Param('slug') slug: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    // The body is checked here and not by `@TakesBody`, because 428 comes before 400, and only an existing page needs
    // If-Match.
    if (ifMatch === undefined && (await this.reads.find(slug, caller))) throw preconditionRequired('If-Match');
    if (!isSlug(slug)) throw badRequest([fault('/slug', 'slug')]);
    const { row, isNew } = await this.writes.put(slug, pageBody.transform(body), ifMatch, caller);
    reply.header('etag', `"${row.version}"`);
    if (isNew) reply.code(201).header('location', `/v1/pages/${slug}`);
    return pageShown(row);
  }

  @Delete(':slug')
  @HttpCode(204)
  @Scopes('vouchers:write')
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Delete a page; if it is made again, its versions continue' })
  @AnswersNothing()
  @Refuses([404])
  async deletePage(
    @Param('slug') slug: string,
    @Headers('if-match') ifMatch: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    if (!isSlug(slug)) throw notFound();
    await this.writes.remove(slug, ifMatch, caller);
  }
}
