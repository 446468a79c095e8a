// Makes batches without the domain, since the store does not depend on what is decided.
import { uuidv7 } from '@vouchers/contracts';
import { randomUUID } from 'node:crypto';
import { testDatabase, type TestDatabase } from '@vouchers/testing';
import { DataSource } from 'typeorm';
import { GENESIS, LEDGER_DATABASE, LedgerStore, type Batch, type EventToStore, type VoucherRow } from '../src/index.ts';

export const VOUCHER = uuidv7(Date.UTC(2026, 0, 1), 0, 1, 1);
export const LOG = { clusterId: 'cluster', topicId: 'topic' };
const AT = Date.UTC(2026, 0, 2);

let made = 0;
export const freshId = (partition = 3): string => uuidv7(AT, partition, 7, (made += 1));

/** An empty, migrated ledger database and a store on it. */
export async function testStore(
  name: string,
): Promise<{ database: TestDatabase; store: LedgerStore; end(): Promise<void> }> {
  const database = await testDatabase(name);
  const { migrations, grants, grantee } = LEDGER_DATABASE;
  const source = await new DataSource({ type: 'postgres', url: database.url, migrations }).initialize();
  await source.runMigrations({ transaction: 'each' });
  for (const [table, rights] of Object.entries(grants)) await source.query(`GRANT ${rights} ON ${table} TO ${grantee}`);
  await source.destroy();
  const store = new LedgerStore(database.url);
  return {
    database,
    store,
    end: async () => {
      await store.end();
      await database.drop();
    },
  };
}

export function event(changes: Partial<EventToStore> = {}): EventToStore {
  return {
    type: 'voucher.claim-refused.v1',
    voucherId: VOUCHER,
    voucherVersion: 1,
    submissionId: freshId(),
    userId: 'alice',
    claimId: null,
    redemptionId: null,
    reason: 'sold-out',
    at: AT,
    occurredAt: AT,
    traceparent: null,
    data: Buffer.from('{"text":"满100减20","spaced" : true}'),
    facts: null,
    submission: null,
    salt: randomUUID(),
    ...changes,
  };
}

export function voucherRow(changes: Partial<VoucherRow> = {}): VoucherRow {
  return {
    voucherId: VOUCHER,
    status: 'published',
    enabled: true,
    revoking: false,
    offering: false,
    time: AT,
    lastVersion: 1,
    lastVerdict: null,
    headSeq: 1,
    headAt: AT,
    free: 10,
    counters: '{"claimed":0}',
    definition: '{"version":1}',
    labels: '{"campaign":"26"}',
    wakeAt: null,
    ...changes,
  };
}

export function batch(changes: Partial<Batch> & Pick<Batch, 'from'>): Batch {
  return {
    partition: 3,
    nextOffset: changes.from.nextOffset + (changes.events?.length ?? 0),
    decidedAt: AT + 1,
    events: [],
    // No test of these batches reads a hash.
    hashes: GENESIS.repeat(changes.events?.length ?? 0),
    vouchers: [],
    newClaims: [],
    changedClaims: [],
    newUsers: [],
    changedUsers: [],
    newRedemptions: [],
    changedRedemptions: [],
    newEntries: [],
    changedEntries: [],
    checkpoints: [],
    refusedPushes: [],
    ...changes,
  };
}
