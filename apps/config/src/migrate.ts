// `node dist/migrate.js` creates and migrates config's database. The services can then run with `MIGRATE=never`.
import { runMigrations } from '@vouchers/service';
import { TABLES } from './config.module.ts';
import { ConfigSettings } from './config.settings.ts';

await runMigrations(ConfigSettings, TABLES);
