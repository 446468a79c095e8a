import { printOpenApi } from '@vouchers/service';
import { LedgerModule } from './ledger.module.ts';
import { LedgerSettings } from './ledger.settings.ts';

await printOpenApi(LedgerModule, LedgerSettings);
