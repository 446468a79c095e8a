// `node dist/parked.js`: see `runParkedCommand`.
import { followerOperations, LedgerApi, loadSettings, runParkedCommand } from '@vouchers/service';
import { DataSource } from 'typeorm';
import { ConfigSettings } from './config.settings.ts';
import { askOf, retryParked } from './outcomes/life.writes.ts';

const settings = loadSettings(ConfigSettings);
const source = new DataSource({ type: 'postgres', url: settings.databaseUrl, logging: false, poolSize: 2 });
const ledger = new LedgerApi(settings.ledgerAccess);
await source.initialize();
const operations = followerOperations({
  ask: askOf(() => source.manager),
  eventAt: async (partition, seq) => (await ledger.events(partition, seq - 1, 1))[0],
  readAgain: (voucherId) => retryParked(source, ledger, voucherId),
});
try {
  process.exitCode = await runParkedCommand(process.argv.slice(2), operations);
} finally {
  await source.destroy();
}
