import { loadSettings, SettingsError } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';
import { startLedger } from './start-ledger.ts';

try {
  await startLedger(loadSettings(LedgerSettings));
} catch (error) {
  const isPlain = error instanceof SettingsError || (error as { code?: string }).code === 'EADDRINUSE';
  console.error(`cannot start: ${isPlain ? (error as Error).message : ((error as Error).stack ?? String(error))}`);
  process.exit(1);
}
