// `node dist/migrate.js`: makes the ledger's database and brings it up to date; then `MIGRATE=never` for the services.
import { Ledger1764000000000 } from '@vouchers/event-store';
import { runMigrations } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';

await runMigrations(LedgerSettings, { entities: [], migrations: [Ledger1764000000000] });
