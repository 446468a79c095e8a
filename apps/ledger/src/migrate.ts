// `node dist/migrate.js`: makes the ledger's database and brings it up to date; then `MIGRATE=never` for the services.
import { LEDGER_MIGRATIONS } from '@vouchers/event-store';
import { runMigrations } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';

await runMigrations(LedgerSettings, { entities: [], migrations: LEDGER_MIGRATIONS });
