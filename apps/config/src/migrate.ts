// `node dist/migrate.js`: makes config's database and brings it up to date; then `MIGRATE=never` for the services.
import { runMigrations } from '@vouchers/service';
import { TABLES } from './config.module.ts';
import { ConfigSettings } from './config.settings.ts';

await runMigrations(ConfigSettings, TABLES);
