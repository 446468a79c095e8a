import { Injectable } from '@nestjs/common';
import { localUrl, SERVICES } from '@vouchers/contracts';
import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsInt, IsNotEmpty, IsUrl, Max, Min } from 'class-validator';
import { getHeapStatistics } from 'node:v8';

/** Each cache's share of CACHE_BYTES, in percent. The cache of holdings.ts has its own limit. */
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
  /** The public client with which the hosted page signs people in (code + PKCE, redirect to `/callback`). */
  @Env('OIDC_PAGE_CLIENT_ID') @IsNotEmpty() pageClientId = 'page';
  /** How long a write waits for its decision before it is answered 202. */
  @Env('OUTCOME_WAIT_MS', wholeNumber) @IsInt() @Min(0) @Max(60_000) outcomeWaitMs = 2_000;
  /**
   * The most bytes that cached definitions, goods, pages and voucher states may take, by an estimate. The others are
   * read from Postgres when they are needed. Default: a quarter of the largest heap.
   */
  @Env('CACHE_BYTES', wholeNumber)
  @IsWholeNumber(1_000_000, 1_000_000_000_000)
  cacheBytes = Math.floor(getHeapStatistics().heap_size_limit / 4);

  /**
   * The days for which a submission that was answered 202 is kept as pending. The submissions' topic must not keep it
   * longer. A submission that is not decided by then is never decided.
   */
  @Env('PENDING_DAYS', wholeNumber) @IsWholeNumber(1, 3_650) pendingDays = 30;

  /** The bytes that one cache may take. */
  cacheShare(cache: keyof typeof CACHE_SHARES): number {
    return Math.floor((this.cacheBytes * CACHE_SHARES[cache]) / 100);
  }
}
