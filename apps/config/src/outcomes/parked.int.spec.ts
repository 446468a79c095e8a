// A voucher whose row Postgres refuses to change, records that nobody can read, and events that the topic lacks: the
// rest goes on.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventType } from '@vouchers/contracts';
import { cloudEvent, partitionOfKey, Producer } from '@vouchers/messaging';
import { followerOperations, LedgerApi, runParkedCommand } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { DataSource } from 'typeorm';
import { startConfig, type RunningConfig } from '../../testing/config.service.ts';
import { askOf, retryParked } from './life.writes.ts';

interface Told {
  type: EventType;
  voucherId: string;
  partition: number;
  seq: number;
}

let config: RunningConfig;
let producer: Producer;
let ledger: Server;
/** All that the ledger has decided. */
const events: Told[] = [];
beforeAll(async () => {
  ledger = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [after, limit] = ['after', 'limit'].map((name) => Number(searchParams.get(name)));
    const isAsked = ({ voucherId, partition }: Told): boolean =>
      pathname === '/v1/events' ? partition === Number(searchParams.get('partition')) : pathname.includes(voucherId);
    const items = events.filter((event) => isAsked(event) && event.seq > after!).slice(0, limit);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, next: null }));
  });
  await new Promise<void>((resolve) => ledger.listen(0, '127.0.0.1', resolve));
  const ledgerUrl = `http://127.0.0.1:${(ledger.address() as AddressInfo).port}`;
  config = await startConfig({ LEDGER_URL: ledgerUrl, OIDC_CLIENT_SECRET: 'secret' });
  producer = new Producer(config.kafka);
  await producer.connect();
}, 60_000);
afterAll(async () => {
  await producer.disconnect();
  await config.stop();
  ledger.closeAllConnections();
  await new Promise((resolve) => ledger.close(resolve));
});

const partitionOf = (id: string): number => partitionOfKey(id, config.settings.partitions);

/** The ledger decides an event; `lost`: the topic never gets it. */
async function decide(type: EventType, voucherId: string, lost = false): Promise<void> {
  const partition = partitionOf(voucherId);
  const seq = events.filter((event) => event.partition === partition).length + 1;
  events.push({ type, voucherId, partition, seq });
  if (!lost) await publish(voucherId, '{}', headersOf(type, voucherId, seq));
}
const headersOf = (type: EventType, voucherId: string, sequence: number): Record<string, string> =>
  cloudEvent({
    id: `${voucherId}-${sequence}`,
    type,
    source: '/ledger',
    time: new Date().toISOString(),
    subject: voucherId,
    partition: partitionOf(voucherId),
    sequence,
  });
const publish = (key: string, value: string | null, headers: Record<string, string>): Promise<void> =>
  producer.send([{ topic: config.settings.topics.outcomes, partition: partitionOf(key), key, value, headers }]);

async function published(): Promise<string> {
  const { id } = await config.create();
  await config.call('POST', `/v1/vouchers/${id}/publish`);
  return id;
}
/** A published voucher whose events come to the same partition. */
async function beside(voucherId: string): Promise<string> {
  for (;;) {
    const id = await published();
    if (partitionOf(id) === partitionOf(voucherId)) return id;
  }
}
const becomes = (id: string, state: string) =>
  eventually(`it is ${state}`, async () => (await config.call('GET', `/v1/vouchers/${id}`)).body.state === state);

async function retry(voucherId: string): Promise<number> {
  const source = await new DataSource({ type: 'postgres', url: config.settings.databaseUrl }).initialize();
  try {
    return await runParkedCommand(
      ['retry', voucherId],
      followerOperations({
        ask: askOf(() => source.manager),
        eventAt: async () => undefined,
        readAgain: (id) => retryParked(source, new LedgerApi(config.settings.ledgerAccess), id),
      }),
      () => undefined,
    );
  } finally {
    await source.destroy();
  }
}

describe('a voucher that cannot be followed', () => {
  it('is parked, told in the ready answer, and whole after a retry; its neighbours go on', async () => {
    const victim = await published();
    const neighbour = await beside(victim);
    await decide('voucher.enabled.v1', neighbour);
    await becomes(neighbour, 'enabled');
    await config.pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'index row too large' USING ERRCODE = '54000'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON vouchers FOR EACH ROW
        WHEN (NEW.id = '${victim}') EXECUTE FUNCTION refuse()`);
    await decide('voucher.enabled.v1', victim);
    await decide('voucher.terminated.v1', neighbour);
    await becomes(neighbour, 'terminated');
    const { status, body } = await eventually('it is told', async () => {
      const answer = await config.call('GET', '/health/ready');
      return answer.body.parked ? answer : undefined;
    });
    expect(status).toBe(200);
    expect(body.parked).toMatchObject([{ voucherId: victim }]);
    await decide('voucher.terminated.v1', victim);
    expect(await retry(victim)).toBe(1);
    await config.pool.query('DROP TRIGGER refuse ON vouchers');
    expect(await retry(victim)).toBe(0);
    await becomes(victim, 'terminated');
    await eventually('none is parked', async () => !(await config.call('GET', '/health/ready')).body.parked);
    const { rows } = await config.pool.query('SELECT action, subject, outcome FROM operator_actions ORDER BY id');
    expect(rows).toMatchObject([
      { action: 'retry', subject: victim, outcome: expect.stringContaining('SQLSTATE 54000') },
      { action: 'retry', subject: victim, outcome: expect.stringContaining('followed again') },
    ]);
  });
});

describe('the outcomes', () => {
  it('may lack events: the ledger is asked for them', async () => {
    const id = await published();
    await decide('voucher.enabled.v1', await beside(id));
    await decide('voucher.enabled.v1', id, true);
    await decide('voucher.enabled.v1', await beside(id));
    await becomes(id, 'enabled');
  });

  it('may hold what nobody can read: it is passed over', async () => {
    const id = await published();
    const headers = headersOf('voucher.enabled.v1', id, 1_000_000);
    await publish(id, 'null', {});
    await publish(id, '{', { ...headers, ce_sequence: '__proto__' });
    await publish(id, '{}', { ...headers, ce_subject: 'no id' });
    // The record names an event that never existed, far ahead.
    await publish(id, '{}', headers);
    await decide('voucher.enabled.v1', id);
    await becomes(id, 'enabled');
    expect((await config.call('GET', '/health/ready')).status).toBe(200);
  });
});
