import { runService } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';
import { startLedger } from './start-ledger.ts';

await runService(LedgerSettings, startLedger);
