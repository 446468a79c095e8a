// `node dist/migrate.js`: makes the read model's database and brings it up to date; then `MIGRATE=never` for the services.
import { runMigrations } from '@vouchers/service';
import { READ_MODEL_DATABASE } from './read-model/read-model.ts';
import { PageDeliverySettings } from './settings.ts';

await runMigrations(PageDeliverySettings, READ_MODEL_DATABASE);
