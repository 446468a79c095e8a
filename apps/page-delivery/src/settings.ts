import { Injectable } from '@nestjs/common';
import { localUrl, SERVICES } from '@vouchers/contracts';
import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsInt, IsNotEmpty, IsUrl, Max, Min } from 'class-validator';
import { getHeapStatistics } from 'node:v8';

/** Each cache's share of CACHE_BYTES, in percent. The users' holdings have a limit of their own (holdings.ts). */
const CACHE_SHARES = { definitions: 25, goods: 20, pages: 10, states: 45 };

@Injectable()
export class PageDeliverySettings extends ServiceSettings {
  readonly service = 'page-delivery';
  override port = SERVICES['page-delivery'].port;

  @Env('LEDGER_URL')
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  ledgerUrl = localUrl('ledger');
  @Env('OIDC_CLIENT_ID') @IsNotEmpty() clientId = 'page-delivery';
  /** The secret of page-delivery's own client. */
  @Env('OIDC_CLIENT_SECRET') clientSecret = '';
  /** The public client by which the hosted page signs people in (code + PKCE, redirect to `/callback`). */
  @Env('OIDC_PAGE_CLIENT_ID') @IsNotEmpty() pageClientId = 'page';
  /** How long a write waits for its decision before it is answered 202. */
  @Env('OUTCOME_WAIT_MS', wholeNumber) @IsInt() @Min(0) @Max(60_000) outcomeWaitMs = 2_000;
  /**
   * The bytes of memory that definitions, goods, pages and voucher states may take, as they are counted. Everything
   * else is read from Postgres when it is needed. Default: a quarter of the largest heap.
   */
  @Env('CACHE_BYTES', wholeNumber)
  @IsWholeNumber(1_000_000, 1_000_000_000_000)
  cacheBytes = Math.floor(getHeapStatistics().heap_size_limit / 4);

  /**
   * The days for which a submission that was answered 202 is known as pending. They must not be fewer than the
   * submissions' topic keeps it. A submission that is not decided by then never will be.
   */
  @Env('PENDING_DAYS', wholeNumber) @IsWholeNumber(1, 3_650) pendingDays = 30;

  /** The bytes that one cache may take. */
  cacheShare(cache: keyof typeof CACHE_SHARES): number {
    return Math.floor((this.cacheBytes * CACHE_SHARES[cache]) / 100);
  }
}
