// `node dist/parked.js`: see `runParkedCommand`.
import { runFollowersCommand } from '@vouchers/outcomes';
import { LedgerApi, loadSettings } from '@vouchers/service';
import { readModelOf } from './read-model/read-model.projection.ts';
import { PageDeliverySettings } from './settings.ts';

const settings = loadSettings(PageDeliverySettings);
process.exitCode = await runFollowersCommand(process.argv.slice(2), {
  databaseUrl: settings.databaseUrl,
  ledger: new LedgerApi(settings),
  projection: readModelOf(settings.partitions),
});
