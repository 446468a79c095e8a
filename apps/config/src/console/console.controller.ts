import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation } from '@nestjs/swagger';
import { choice, named, record, text, type TypeOf } from '@vouchers/contracts/schemas';
import { Answers, notFound, Public, TENANCIES } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { ConfigSettings } from '../config.settings.ts';
import { ConsoleFiles } from './console.files.ts';

/** The paths of the console's screens. Each answers with the console's only page. */
const SCREENS = ['/', 'sign-in', 'callback', 'today', 'vouchers', 'campaigns', 'pages', 'activity'].concat(
  ['vouchers', 'labels', 'decisions', 'claims', 'users', 'pages'].map((screen) => `${screen}/*`),
);

/** The name of a built file. */
const ASSET = /^[\w-][\w.-]*$/;

const ADDRESSES = named(
  'Addresses',
  record({
    issuer: text(),
    audience: text(),
    clientId: text(),
    scope: { ...text(), description: 'what the console asks for at a sign-in' },
    pageDelivery: text(),
    ledger: text(),
    tenancy: choice(...TENANCIES),
  }),
);
type Addresses = TypeOf<typeof ADDRESSES>;

@Controller()
export class ConsoleController {
  constructor(
    @Inject(ConfigSettings) private readonly settings: ConfigSettings,
    private readonly files: ConsoleFiles,
  ) {}

  @Get('console.json')
  @Public()
  @ApiOperation({ summary: 'The addresses of the services and of the issuer, for the console' })
  @Answers(200, ADDRESSES)
  getConsoleAddresses(): Addresses {
    const { issuer, audience, consoleClientId: clientId, consoleScope: scope, tenancy } = this.settings;
    const { pageDeliveryUrl: pageDelivery, ledgerUrl: ledger } = this.settings;
    return { issuer, audience, clientId, scope, pageDelivery, ledger, tenancy };
  }

  @Get(SCREENS)
  @Public()
  @ApiExcludeEndpoint()
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    const page = this.files.answerPage(reply);
    if (page === undefined) throw notFound();
    return page;
  }

  @Get('assets/:name')
  @Public()
  @ApiExcludeEndpoint()
  asset(@Param('name') name: string, @Res() reply: FastifyReply): void {
    if (!ASSET.test(name)) throw notFound();
    void this.files.sendAsset(reply, name);
  }

  @Get('icon.svg')
  @Public()
  @ApiExcludeEndpoint()
  icon(@Res() reply: FastifyReply): void {
    void this.files.sendIcon(reply);
  }
}
