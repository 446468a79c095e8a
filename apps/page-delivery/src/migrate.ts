// `node dist/migrate.js` creates and migrates page-delivery's database. The services can then run with `MIGRATE=never`.
import { runMigrations } from '@vouchers/service';
import { READ_MODEL_DATABASE } from './read-model/read-model.ts';
import { PageDeliverySettings } from './settings.ts';

await runMigrations(PageDeliverySettings, READ_MODEL_DATABASE);
