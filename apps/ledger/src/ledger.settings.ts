import { Env, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsInt, Min } from 'class-validator';

export class LedgerSettings extends ServiceSettings {
  readonly service = 'ledger';
  override port = 3003;
  /** Users of all vouchers kept exactly in memory, about 100 bytes each; beyond, filters and look-ups. */
  @Env('LEDGER_EXACT_USERS', wholeNumber) @IsInt() @Min(0) exactUsers = 400_000;
}
