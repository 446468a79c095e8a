import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';
import { IsInt, Min } from 'class-validator';

export class LedgerSettings extends ServiceSettings {
  readonly service = 'ledger';
  override port = 3003;
  /** Users of all vouchers kept exactly in memory, about 100 bytes each; beyond, filters and look-ups. */
  @Env('LEDGER_EXACT_USERS', wholeNumber) @IsInt() @Min(0) exactUsers = 400_000;
  /** Event streams that are open at the same time: of one caller, and all of this replica. */
  @Env('STREAMS_PER_CALLER', wholeNumber) @IsWholeNumber(1, 1_000_000) streamsPerCaller = 20;
  @Env('STREAMS_AT_ONCE', wholeNumber) @IsWholeNumber(1, 1_000_000) streamsAtOnce = 1_000;
}
