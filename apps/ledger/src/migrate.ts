// `node dist/migrate.js` creates and migrates the ledger's database. Services then run with `MIGRATE=never`.
import { LEDGER_DATABASE } from '@vouchers/event-store';
import { runMigrations } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';

await runMigrations(LedgerSettings, LEDGER_DATABASE);
