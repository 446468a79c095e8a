// The command `node dist/parked.js`: see `runParkedCommand`.
import { LedgerStore } from '@vouchers/event-store';
import { connectKafka } from '@vouchers/messaging';
import { createLogger, loadSettings, runParkedCommand } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';
import { ledgerOperations } from './set-aside/ledger.operations.ts';

const settings = loadSettings(LedgerSettings, { LOG_LEVEL: 'error', ...process.env });
const logger = createLogger(settings);
const store = new LedgerStore(settings.databaseUrl, (error) => logger.error(`a connection broke: ${error.message}`));
const kafka = connectKafka({ ...settings.kafka, clientId: settings.group(), logger });
try {
  process.exitCode = await runParkedCommand(process.argv.slice(2), ledgerOperations(settings, kafka, store));
} finally {
  await store.end();
}
