// `node dist/parked.js`: see `runParkedCommand`.
import { followerOperations, loadSettings, runParkedCommand } from '@vouchers/service';
import pg from 'pg';
import { LedgerClient } from './ledger/ledger.client.ts';
import { retryParked } from './parked/parked.retry.ts';
import { PageDeliverySettings } from './settings.ts';

const settings = loadSettings(PageDeliverySettings);
const ledger = new LedgerClient(settings);
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 1 });
const operations = followerOperations({
  ask: async <Row>(text: string, values: unknown[] = []) => (await pool.query(text, values)).rows as Row[],
  eventAt: async (partition, seq) => (await ledger.events(partition, seq - 1, 1))[0],
  readAgain: (voucherId) => retryParked(settings.databaseUrl, ledger, voucherId),
});
try {
  process.exitCode = await runParkedCommand(process.argv.slice(2), operations);
} finally {
  await pool.end();
}
