import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';

export class TransactionsSettings extends ServiceSettings {
  /** It takes the place of page-delivery, so it has its name. */
  readonly service = 'page-delivery';
  /** Connections to Postgres. With more, the others would only wait for the hot row's lock. */
  @Env('POOL_SIZE', wholeNumber) @IsWholeNumber(1, 100) poolSize = 8;
}
