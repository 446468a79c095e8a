import type { ChainHead } from '@vouchers/contracts';
import { connectAudit, notedHeads } from '@vouchers/event-store';
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
    // A head is noted when Kafka has it, and the ledger goes on meanwhile. So the notes are read first, since Kafka has
    // all of these, and the tables last, since no head that is compared with them is newer.
    const noted = await notedHeads(pool);
    const heads = await readHeads(kafka, settings.topics.heads, settings.group('audit'));
    const { partitions, vouchers, events, unattested, ...found } = await audit(pool, heads);
    const faults = [...lackingHeads(noted, heads), ...found.faults];
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

function lackingHeads(
  noted: readonly Pick<ChainHead, 'partition' | 'seq' | 'hash'>[],
  published: ReadonlyMap<number, ChainHead[]>,
): string[] {
  const known = new Set(
    [...published.values()].flat().map(({ partition, seq, hash }) => `${partition}:${seq} ${hash}`),
  );
  return noted
    .filter(({ partition, seq, hash }) => !known.has(`${partition}:${seq} ${hash}`))
    .map(({ partition, seq }) => `the head ${partition}:${seq} was published, and Kafka lacks it`);
}
