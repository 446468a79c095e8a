import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Pages } from '../read-model/pages.ts';
import { PageDeliverySettings } from '../settings.ts';
import { ASSETS, HostedPageAssets, type AssetName } from './hosted-page.assets.ts';
import { hostedPage, pageLanguage, type Shown } from './hosted-page.html.ts';

const YEAR_SECONDS = 31_536_000;
/** For an address without a version: a browser may keep the file this long, and use the old one while it asks again. */
const FRESH = 'public, max-age=300, stale-while-revalidate=86400';

/** The hosted page for people. It contains the claim widget, which any other page may include, too. */
@ApiExcludeController()
@Controller()
export class HostedPageController {
  constructor(
    private readonly pages: Pages,
    private readonly assets: HostedPageAssets,
    private readonly settings: PageDeliverySettings,
  ) {}

  @Get('p/:slug')
  @Public()
  async show(
    @Param('slug') slug: string,
    @Query('lang') asked: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { title } = await this.pages.find(slug);
    return this.page({ slug, title }, asked, accepted, reply);
  }

  /** The vouchers of the user who is signed in. */
  @Get('me')
  @Public()
  me(
    @Query('lang') asked: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.page('me', asked, accepted, reply);
  }

  /** The issuer redirects people to this path after they sign in. */
  @Get('callback')
  @Public()
  callback(
    @Headers('accept-language') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.page('callback', undefined, accepted, reply);
  }

  @Get(Object.keys(ASSETS))
  @Public()
  async asset(
    @Query('v') version: unknown,
    @Headers('accept-encoding') encodings: string | undefined,
    @Headers('if-none-match') known: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const asset = await this.assets.get(request.routeOptions.url!.slice(1) as AssetName);
    const encoding = /\bbr\b/.test(encodings ?? '') ? 'br' : /\bgzip\b/.test(encodings ?? '') ? 'gzip' : 'identity';
    const etag = `"${asset.version}-${encoding}"`;
    void reply.headers({
      'content-type': asset.type,
      'cache-control': version === asset.version ? `public, max-age=${YEAR_SECONDS}, immutable` : FRESH,
      // Pages of other origins include the widget, and a browser fetches their module scripts with CORS.
      'access-control-allow-origin': '*',
      vary: 'Accept-Encoding',
      etag,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    });
    if (known?.includes(etag)) {
      void reply.code(304);
      return undefined;
    }
    return asset[encoding];
  }

  private async page(shown: Shown, asked: unknown, accepted: string | undefined, reply: FastifyReply): Promise<string> {
    const { issuer, pageClientId: client } = this.settings;
    const [widget, script, style] = await Promise.all([
      this.assets.pathOf(shown === 'me' ? 'my-vouchers.js' : 'claim-widget.js'),
      this.assets.pathOf('hosted-page.js'),
      this.assets.pathOf('hosted-page.css'),
    ]);
    void reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyFor(issuer),
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
      vary: 'Accept-Language',
    });
    const language = pageLanguage(typeof asked === 'string' ? asked : undefined, accepted);
    return hostedPage({ language, shown, issuer, client, paths: { widget, script, style } });
  }
}

/** Allows no inline code, and of other origins only requests to the issuer. Tokens are renewed without a frame. */
const policyFor = (issuer: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${new URL(issuer).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
