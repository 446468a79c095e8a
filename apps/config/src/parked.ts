// `node dist/parked.js`: see `runParkedCommand`.
import { runFollowersCommand } from '@vouchers/outcomes';
import { LedgerApi, loadSettings } from '@vouchers/service';
import { ConfigSettings } from './config.settings.ts';
import { LIVES } from './outcomes/life.projection.ts';

const settings = loadSettings(ConfigSettings);
process.exitCode = await runFollowersCommand(process.argv.slice(2), {
  databaseUrl: settings.databaseUrl,
  ledger: new LedgerApi(settings.ledgerAccess),
  projection: LIVES,
});
