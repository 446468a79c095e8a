import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';

export class TransactionsSettings extends ServiceSettings {
  /** It stands in that one's place. */
  readonly service = 'page-delivery';
  /** Connections: more only wait for the hot row's lock. */
  @Env('POOL_SIZE', wholeNumber) @IsWholeNumber(1, 100) poolSize = 8;
}
