// `node dist/audit.js` exits with 0 if the ledger is sound, and with 1 if something differs.
import { loadSettings } from '@vouchers/service';
import { runAudit } from './audit/audit.command.ts';
import { LedgerSettings } from './ledger.settings.ts';

const settings = loadSettings(LedgerSettings, { LOG_LEVEL: 'error', ...process.env });
process.exitCode = await runAudit(settings, console.log);
