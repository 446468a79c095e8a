import { Injectable } from '@nestjs/common';
import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsInt, IsNotEmpty, IsUrl, Max, Min } from 'class-validator';

@Injectable()
export class PageDeliverySettings extends ServiceSettings {
  readonly service = 'page-delivery';

  @Env('LEDGER_URL')
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  ledgerUrl = 'http://localhost:3003';
  @Env('OIDC_CLIENT_ID') @IsNotEmpty() clientId = 'page-delivery';
  /** Of page-delivery's own client. */
  @Env('OIDC_CLIENT_SECRET') clientSecret = '';
  /** The public client by which the hosted page signs people in (code + PKCE, redirect to `/callback`). */
  @Env('OIDC_PAGE_CLIENT_ID') @IsNotEmpty() pageClientId = 'page';
  /** How long a write waits for its decision before it is answered 202. */
  @Env('OUTCOME_WAIT_MS', wholeNumber) @IsInt() @Min(0) @Max(60_000) outcomeWaitMs = 2_000;

  /**
   * For how many days a submission that was answered 202 is known as pending. No shorter than the submissions' topic
   * keeps it: what is not decided by then never will be.
   */
  @Env('PENDING_DAYS', wholeNumber) @IsWholeNumber(1, 3_650) pendingDays = 30;

  constructor() {
    super();
    this.port = 3_002;
  }
}
