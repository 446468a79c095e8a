import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@vouchers/service';
import { KnownPages } from '../read-model/known-pages.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** The page itself, for people. */
@ApiExcludeController()
@Controller('p')
export class HostedPageController {
  constructor(private readonly pages: KnownPages) {}

  @Get(':slug')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  async show(@Param('slug') slug: string): Promise<string> {
    const { title } = await this.pages.find(slug);
    return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title></head>
  <body><main><h1>${escaped(title)}</h1></main></body>
</html>
`;
  }
}
