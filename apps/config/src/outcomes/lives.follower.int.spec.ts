// Faults that must not stop the others: a voucher whose row Postgres refuses to change, unreadable records, and events
// that the topic lacks.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventType } from '@vouchers/contracts';
import { cloudEvent, partitionOfKey, Producer } from '@vouchers/messaging';
import { runFollowersCommand } from '@vouchers/outcomes';
import { LedgerApi } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { startConfig, type RunningConfig } from '../../testing/config.service.ts';
import { LIVES } from './life.projection.ts';
import { rebuildLives } from './life.rebuild.ts';

interface LedgerEvent {
  type: EventType;
  voucherId: string;
  partition: number;
  seq: number;
}

let config: RunningConfig;
let producer: Producer;
let ledger: Server;
/** All events of the ledger. */
const events: LedgerEvent[] = [];
beforeAll(async () => {
  ledger = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [after, limit] = ['after', 'limit'].map((name) => Number(searchParams.get(name)));
    const isAsked = ({ voucherId, partition }: LedgerEvent): boolean =>
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

/** The ledger decides an event. @param lost if true, the topic never gets the event */
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
/** Makes a published voucher in the same partition. */
async function beside(voucherId: string): Promise<string> {
  for (;;) {
    const id = await published();
    if (partitionOf(id) === partitionOf(voucherId)) return id;
  }
}
const becomes = (id: string, state: string) =>
  eventually(`it is ${state}`, async () => (await config.call('GET', `/v1/vouchers/${id}`)).body.state === state);

function retry(voucherId: string): Promise<number> {
  const { databaseUrl, ledgerAccess } = config.settings;
  const follower = { databaseUrl, ledger: new LedgerApi(ledgerAccess), projection: LIVES };
  return runFollowersCommand(['retry', voucherId], follower, () => undefined);
}

describe('a voucher that cannot be followed', () => {
  it('is parked, named by /health/ready, and correct after a retry; other vouchers go on', async () => {
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
  it('may lack events, which are then read from the ledger', async () => {
    const id = await published();
    await decide('voucher.enabled.v1', await beside(id));
    await decide('voucher.enabled.v1', id, true);
    await decide('voucher.enabled.v1', await beside(id));
    await becomes(id, 'enabled');
  });

  it('may have unreadable records, which are skipped', async () => {
    const id = await published();
    const headers = headersOf('voucher.enabled.v1', id, 1_000_000);
    await publish(id, 'null', {});
    await publish(id, '{', { ...headers, ce_sequence: '__proto__' });
    await publish(id, '{}', { ...headers, ce_subject: 'no id' });
    // This record has the seq of an event that does not exist, far ahead.
    await publish(id, '{}', headers);
    await decide('voucher.enabled.v1', id);
    await becomes(id, 'enabled');
    expect((await config.call('GET', '/health/ready')).status).toBe(200);
  });
});

describe('a rebuild', () => {
  /** Changes a row behind the service's back. */
  const byHand = (change: string, id: string) => config.pool.query(`UPDATE vouchers SET ${change} WHERE id = $1`, [id]);
  const rowOf = async (id: string) =>
    (await config.pool.query('SELECT enabled, ended, intent, version, updated_by FROM vouchers WHERE id = $1', [id]))
      .rows[0];
  let enabled: string;
  let untouched: string;
  beforeAll(async () => {
    enabled = await published();
    untouched = await beside(enabled);
    await config.call('POST', `/v1/vouchers/${untouched}/pause`);
    await decide('voucher.enabled.v1', enabled);
    await becomes(enabled, 'enabled');
  });

  it('finds no difference if all flags equal the outcomes', async () => {
    const { outcomes, differences } = await rebuildLives(config.settings);
    expect(differences).toEqual([]);
    expect(outcomes).toBeGreaterThan(0);
  });

  it('corrects the flags that follow from the outcomes, and changes nothing that staff wrote', async () => {
    const [before, paused] = [await rowOf(enabled), await rowOf(untouched)];
    await byHand('enabled = false', enabled);
    await byHand("enabled = true, ended = true, updated_by = 'somebody'", untouched);
    const { differences } = await rebuildLives(config.settings);
    const row = (what: string, id: string, flags: [boolean, boolean]): string =>
      `vouchers, only ${what}: ${JSON.stringify({ id, enabled: flags[0], ended: flags[1] })}`;
    expect(differences.map((line) => line.replaceAll(' : ', ':')).sort()).toEqual(
      [
        row('live', enabled, [false, false]),
        row('rebuilt', enabled, [true, false]),
        row('live', untouched, [true, true]),
        row('rebuilt', untouched, [false, false]),
      ].sort(),
    );
    expect(await rowOf(enabled)).toEqual(before);
    expect(await rowOf(untouched)).toEqual({ ...paused, updated_by: 'somebody' });
    expect((await rebuildLives(config.settings)).differences).toEqual([]);
  });

  it('does not change a parked voucher, which needs a retry', async () => {
    const partition = partitionOf(enabled);
    await config.pool.query("INSERT INTO parked_vouchers VALUES ($1, $2, 1, 'a test')", [enabled, partition]);
    await byHand('enabled = false', enabled);
    expect((await rebuildLives(config.settings)).differences).toEqual([]);
    expect(await rowOf(enabled)).toMatchObject({ enabled: false });
    expect(await retry(enabled)).toBe(0);
    expect(await rowOf(enabled)).toMatchObject({ enabled: true });
  });

  it('makes the running follower start again from the stored position', async () => {
    await byHand('enabled = false', enabled);
    expect((await rebuildLives(config.settings)).differences).toHaveLength(2);
    await decide('voucher.terminated.v1', enabled);
    await becomes(enabled, 'terminated');
    expect(await rowOf(enabled)).toMatchObject({ enabled: true, ended: true });
  });

  it('accepts positions of an older release, which do not name their topic', async () => {
    const identity = () =>
      config.pool
        .query('SELECT partition, cluster_id, topic_id FROM outcome_positions ORDER BY 1')
        .then(({ rows }) => rows);
    const before = await identity();
    await config.pool.query('UPDATE outcome_positions SET cluster_id = NULL, topic_id = NULL');
    expect((await rebuildLives(config.settings)).differences).toEqual([]);
    expect(await identity()).toEqual(before);
    await config.pool.query('UPDATE outcome_positions SET cluster_id = NULL, topic_id = NULL');
    await config.restart();
    await eventually('the follower says what it follows', async () => {
      expect(await identity()).toEqual(before);
      return true;
    });
  });
});
