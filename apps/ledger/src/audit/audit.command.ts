import { connectAudit } from '@vouchers/event-store';
import { connectKafka } from '@vouchers/messaging';
import { createLogger } from '@vouchers/service';
import { readHeads } from '../heads/heads.reader.ts';
import type { LedgerSettings } from '../ledger.settings.ts';
import { audit } from './audit.ts';

/** Audits the whole ledger and prints what differs. @returns the exit code: 1 if something differs */
export async function runAudit(settings: LedgerSettings, print: (line: string) => void): Promise<number> {
  const logger = createLogger(settings);
  const kafka = connectKafka({ ...settings.kafka, clientId: settings.group(), logger });
  const pool = connectAudit(settings.databaseUrl, (error) => logger.error(`a connection broke: ${error.message}`));
  try {
    // They are read before the tables, so none is newer than what is compared with it.
    const heads = await readHeads(kafka, settings.topics.heads, settings.group('audit'));
    const { partitions, vouchers, events, faults, unattested } = await audit(pool, heads);
    const published = [...heads.values()].reduce((sum, of) => sum + of.length, 0);
    print(
      `${partitions} partitions, ${vouchers} vouchers, ${events} events, ${published} published heads, ` +
        `${faults.length} differences`,
    );
    for (const line of unattested) print(`unattested: ${line}`);
    for (const fault of faults) print(fault);
    return faults.length > 0 ? 1 : 0;
  } finally {
    await pool.end();
  }
}
