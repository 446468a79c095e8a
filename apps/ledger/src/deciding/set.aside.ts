// Finds records to set aside: an operator ordered to skip them, or they are in quarantine already.
import { SetAsideStore, type Cursor, type LogIdentity } from '@vouchers/event-store';
import { readQuarantine, type RecordPlace } from '@vouchers/messaging';
import { randomUUID } from 'node:crypto';
import type { LedgerConnections } from '../ledger.connections.ts';
import type { LedgerSettings } from '../ledger.settings.ts';
import type { SetAside } from './select.ts';

export class SetAsideRecords {
  private readonly store: SetAsideStore;

  constructor(
    private readonly settings: LedgerSettings,
    private readonly connections: LedgerConnections,
  ) {
    this.store = new SetAsideStore(connections.store);
  }

  /** Resolves if Postgres accepts a write. */
  probe(): Promise<void> {
    return this.store.probe();
  }

  /** Returns the reason if an operator ordered to skip the record. */
  async skip({ partition, offset }: RecordPlace, log: LogIdentity): Promise<string | undefined> {
    const order = await this.store.carryOut(partition, Number(offset), log);
    return order && `skipped by ${order.by}: ${order.why}`;
  }

  /**
   * Reads the quarantined records from the cursor on, so that they are set aside again. There are some only after a
   * restore of the database, or if an owner died before it committed. Otherwise nothing is read.
   */
  async from({ nextOffset }: Cursor, partition: number, log: LogIdentity): Promise<Map<number, SetAside>> {
    const { connections, settings } = this;
    const { quarantine: topic, submissions } = settings.topics;
    const from = await this.store.quarantineRead(partition);
    const since = { topic: submissions, partition, offset: BigInt(nextOffset), log };
    const groupId = `${settings.group()}-quarantine-${randomUUID()}`;
    const { records, end } = await readQuarantine(connections.kafka, { topic, partition, from, since, groupId });
    // The next owner must read quarantined records after the cursor again.
    const next = records[0]?.at ?? end;
    if (next > from) await this.store.rememberRead(partition, next);
    return new Map(records.map(({ offset, reason, silent }) => [Number(offset), { why: reason, silent }]));
  }
}
