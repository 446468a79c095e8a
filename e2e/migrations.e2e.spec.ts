// Moves tables and rows of a release to today's logins and runs today's migrations on them, while the release's
// statements go on as a superuser. Then starts today's services on them.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MIGRATOR, TOPICS, type PageData, type Proof } from '@vouchers/contracts';
import { brokers, databaseUrl, eventually, startServices, uniqueNamespace, type TestServices } from '@vouchers/testing';
import { asAdmin, databaseName, keepSettings } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Actor, order } from './actor.ts';
import { answerTo } from './releases/life.ts';
import { inFour, RECORDED, recordingOf, Traffic, type RecordedName } from './releases/recording.ts';

const ROOT = resolve(import.meta.dirname, '..');
const RECORDING = recordingOf('0.1.0');
/** The Postgres role of each service of that release, if it is not the owner. */
const ROLES: Partial<Record<RecordedName, string>> = { ledger: 'voucher_ledger' };
/** For each service, a table that its migrations alter and its release writes. */
const ALTERED: Record<RecordedName, string> = { ledger: 'events', config: 'outbox', 'page-delivery': 'positions' };
/** Services whose waiting migration would block writers. page-delivery's first one only makes an index. */
const GIVES_UP: readonly RecordedName[] = ['ledger', 'config'];

const namespace = uniqueNamespace();
const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
let services: TestServices | undefined;

function urlOf(service: RecordedName): string {
  const url = new URL(databaseUrl());
  url.pathname = `/${namespace}_${service.replaceAll('-', '_')}`;
  return url.href;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs a command of today's build to its end. */
function run(args: string[], environment: Record<string, string>): Promise<{ exitCode: number; output: string }> {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const options = { cwd: ROOT, env: { ...inherited, ...environment } };
  return new Promise((done) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

const command = (name: string, environment: Record<string, string>, ...args: string[]) =>
  run(
    ['--conditions=source', '--disable-warning=ExperimentalWarning', 'tools/src/main.ts', name, ...args],
    environment,
  );

const adoption = () =>
  command(
    'adopt',
    { NAMESPACE: namespace },
    ...['--admin-url', databaseUrl(), '--passwords', join(folder, 'logins'), '--logins-only'],
  );

const migration = (service: RecordedName) =>
  run([`apps/${service}/dist/migrate.js`], {
    DATABASE_URL: `postgres://${new URL(databaseUrl()).host}/postgres`,
    DATABASE_PASSWORD_FILE: join(folder, 'logins', MIGRATOR, 'database'),
    NAMESPACE: namespace,
    KAFKA_BROKERS: brokers().join(','),
  });

beforeAll(async () => {
  for (const service of RECORDED) {
    const url = urlOf(service);
    const name = new URL(url).pathname.slice(1);
    await connected(databaseUrl(), (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
    const { schema, rows } = RECORDING.databases[service];
    await connected(url, async (client) => {
      for (const statement of [...schema, ...rows]) await client.query(statement);
      // Its config ended before it had published two versions.
      if (service === 'config')
        await client.query(
          `INSERT INTO outbox (kind, key, version) SELECT 'voucher', id, version FROM vouchers LIMIT 2`,
        );
    });
  }
}, 60_000);
afterAll(async () => {
  await services?.stop();
  rmSync(folder, { recursive: true });
});

describe('a login per service', () => {
  it('is given to an installation of the release while its services go on', async () => {
    const old = Object.fromEntries(RECORDED.map((name) => [name, new Traffic(urlOf(name), ROLES[name])]));
    const goOn = async (service: RecordedName): Promise<void> => {
      const [first] = inFour(RECORDING.databases[service].traffic);
      for (const statement of first) await old[service]!.give(statement);
    };
    const reader = new pg.Client({ connectionString: urlOf('ledger') });
    await reader.connect();
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await reader.query('SELECT count(*) FROM events');
      const adopting = adoption();
      await eventually('it waits for the report', () => waitsForLock('ledger'), { timeoutMs: 30_000 });
      await eventually('it gives up, for a while', async () => !(await waitsForLock('ledger')), { timeoutMs: 30_000 });
      await Promise.all([goOn('ledger'), goOn('page-delivery')]);
      await reader.query('COMMIT');
      await goOn('config');
      const { exitCode, output } = await adopting;
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).toContain('waits for a lock');
    } finally {
      await Promise.all([reader.end(), ...Object.values(old).map((traffic) => traffic.end())]);
    }
    for (const service of RECORDED) expect(await ownersIn(service)).toEqual([databaseName(namespace, MIGRATOR)]);
    const { exitCode, output } = await adoption();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.not.stringContaining('owner') });
  }, 90_000);
});

describe.each(RECORDED)('the migrations of %s', (service) => {
  it('wait for a long transaction without holding up the release, and run beside its traffic', async () => {
    const [, before, beside, after] = inFour(RECORDING.databases[service].traffic);
    expect(after.filter(({ text }) => /INSERT|UPDATE/.test(text))).not.toEqual([]);
    const old = new Traffic(urlOf(service), ROLES[service]);
    const reader = new pg.Client({ connectionString: urlOf(service) });
    await reader.connect();
    try {
      // A long report has read the table that is altered, and stays open.
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await reader.query(`SELECT count(*) FROM ${ALTERED[service]}`);
      let isOver = false;
      const migrating = migration(service).finally(() => (isOver = true));
      await eventually('the migration waits', () => waitsForLock(service), { timeoutMs: 30_000 });
      for (const statement of before) await old.give(statement);
      expect(isOver).toBe(false);
      if (GIVES_UP.includes(service))
        await eventually('it gives up, for a while', async () => !(await waitsForLock(service)), { timeoutMs: 30_000 });
      await reader.query('COMMIT');
      for (const statement of beside) await old.give(statement);
      const { exitCode, output } = await migrating;
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output.includes('waits for a lock')).toBe(GIVES_UP.includes(service));
      for (const statement of after) await old.give(statement);
    } finally {
      await Promise.all([reader.end(), old.end()]);
    }
    expect(await invalidIndexes(service)).toEqual([]);
  }, 90_000);
});

describe('today’s services on the migrated tables', () => {
  let actor: Actor;
  beforeAll(async () => {
    await pointToThisKafka();
    services = await startServices({
      namespace,
      environment: { KAFKA_PARTITIONS: String(RECORDING.partitions), OUTCOME_WAIT_MS: '30000' },
    });
    keepSettings(folder, services);
    actor = await Actor.of(services);
  }, 90_000);

  it('answer as the release did', async () => {
    for (const { body, ...asked } of RECORDING.answers) {
      const found = await eventually(
        `${asked.service} ${asked.path}`,
        () => answerTo(actor, services!, asked).catch(() => undefined),
        { timeoutMs: 30_000 },
      );
      expect({ ...asked, body: found }).toMatchObject({ ...asked, body });
    }
  }, 120_000);

  it('return a number for every counter, also for counters that are newer', async () => {
    const { rows } = await connected(urlOf('ledger'), (client) =>
      client.query('SELECT voucher_id AS id FROM vouchers'),
    );
    for (const { id } of rows as { id: string }[]) {
      const { voucherId, asOf, free, refused, discounted, reserved, ...counted } = (await actor.counters(id)).body;
      expect({ voucherId, partition: typeof asOf.partition }).toEqual({ voucherId: id, partition: 'number' });
      expect(free === null || Number.isInteger(free)).toBe(true);
      const numbers = [
        ...Object.values(counted),
        reserved.uses,
        ...[discounted, reserved.discount].flatMap((amounts) => Object.values(amounts)),
        ...Object.values(refused).flatMap((byReason) => Object.values(byReason)),
      ];
      expect(numbers.filter((value) => !Number.isInteger(value))).toEqual([]);
    }
  }, 60_000);

  it('publish the events that the release had not', async () => {
    await eventually('the outbox is empty', async () => {
      const { rows } = await connected(urlOf('config'), (client) => client.query('SELECT 1 FROM outbox'));
      return rows.length === 0;
    });
    await eventually('the relay has come to the end', async () => {
      const text = 'SELECT 1 FROM relay JOIN cursor USING (partition) WHERE relay.next_seq < cursor.next_seq';
      return (await connected(urlOf('ledger'), (client) => client.query(text))).rows.length === 0;
    });
  }, 60_000);

  it('prove every count', async () => {
    const { rows } = await connected(urlOf('ledger'), (client) =>
      client.query('SELECT voucher_id AS id FROM vouchers'),
    );
    expect(rows.length).toBeGreaterThan(6);
    for (const { id } of rows as { id: string }[]) {
      const { body } = await actor.proof(id, '?full=true');
      expect(body).toMatchObject({ holds: true } satisfies Partial<Proof>);
    }
  }, 60_000);

  it('go on with its vouchers, claims and redemptions', async () => {
    const claims = await rowsOf('SELECT claim_id AS id, voucher_id AS voucher, user_id AS "user", state FROM claims');
    const held = claims.find(({ user, state }) => /^busy-/.test(user!) && state === 'held')!;
    expect(await actor.redeem(held.id!, order('order-today'), { user: held.user })).toMatchObject({ status: 201 });
    const { id: timed, user } = claims.find(({ state }) => state === 'locked')!;
    // The lock stands until a day after the recording, on the clock of the voucher's submissions.
    const unlocked = await actor.unlock(timed!, 'order-timed', { user, at: '2026-11-30T12:00:00.000Z' });
    expect(unlocked).toMatchObject({ status: 200, body: { state: 'held' } });
    const [redemption] = await rowsOf('SELECT redemption_id AS id FROM redemptions WHERE rolled_back_at IS NULL');
    expect((await actor.rollBack(redemption!.id!, {})).status).toBeLessThan(300);
    expect(await actor.claim(held.voucher!, { user: 'today' })).toMatchObject({ status: 201, body: { state: 'held' } });
    const page = await actor.edge<PageData>('GET', '/pages/spring', {
      user: 'today',
      attributes: { tier: 'gold', age: 40 },
    });
    expect(page).toMatchObject({ status: 200 });
    expect(page.body.modules.length).toBeGreaterThan(2);
  }, 60_000);

  it('rebuild the same projections from its events', async () => {
    const { exitCode, output } = await command('rebuild', { DATA_DIR: folder });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/ledger:\n\d+ events replayed .*, 0 differences/);
    for (const follower of ['config', 'page-delivery'])
      expect(output).toMatch(new RegExp(`${follower}:\n\\d+ outcomes read, 0 differences`));
  }, 90_000);
});

async function rowsOf(text: string): Promise<Record<string, string>[]> {
  return (await connected(urlOf('ledger'), (client) => client.query<Record<string, string>>(text))).rows;
}

async function waitsForLock(service: RecordedName): Promise<boolean> {
  const { rows } = await connected(urlOf(service), (client) =>
    client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'ALTER|INDEX'`,
    ),
  );
  return rows.length > 0;
}

/** The owners of the database and of the things in it. */
async function ownersIn(service: RecordedName): Promise<string[]> {
  const text = `SELECT DISTINCT owner::regrole::text AS owner FROM (
    SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database()) AS things (owner)`;
  return (await connected(urlOf(service), (client) => client.query(text))).rows.map(({ owner }) => owner as string);
}

async function invalidIndexes(service: RecordedName): Promise<unknown[]> {
  return (
    await connected(urlOf(service), (client) =>
      client.query('SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid'),
    )
  ).rows;
}

/** Reads the topic's id with today's build, since kafkajs cannot. */
async function identityOf(topic: string): Promise<string[]> {
  const script = `import { connectKafka, topicIdentity } from '@vouchers/messaging';
    const logger = { child: () => logger, info() {}, warn() {}, error() {}, debug() {} };
    const kafka = connectKafka({ brokers: ${JSON.stringify(brokers())}, clientId: 'migrations', logger });
    const { clusterId, topicId } = await topicIdentity(kafka, '${topic}');
    console.log(clusterId, topicId);
    process.exit(0);`;
  const { exitCode, output } = await run(['--input-type=module', '--eval', script], {});
  if (exitCode !== 0) throw new Error(output);
  return output.trim().split(' ');
}

/** Makes the topics again, since the recording has no Kafka, with the newest record of each compacted key. */
async function pointToThisKafka(): Promise<void> {
  await asAdmin(brokers().join(','), async (admin, client) => {
    const topics = Object.values(TOPICS).map((name) => `${namespace}.${name}`);
    await admin.createTopics({
      waitForLeaders: false,
      topics: topics.map((topic) => ({
        topic,
        numPartitions: RECORDING.partitions,
        replicationFactor: 1,
        configEntries: topic.endsWith(TOPICS.submissions)
          ? [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
          : [],
      })),
    });
    const producer = client.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    for (const { topic, partition, key, value, headers } of RECORDING.records)
      await producer.send({ topic: `${namespace}.${TOPICS[topic]}`, messages: [{ partition, key, value, headers }] });
    await producer.disconnect();
  });
  const tables = { submissions: ['ledger', 'cursor'], outcomes: ['page-delivery', 'positions'] } as const;
  for (const [topic, [service, table]] of Object.entries(tables)) {
    const identity = await identityOf(`${namespace}.${TOPICS[topic as keyof typeof tables]}`);
    const text = `UPDATE ${table} SET cluster_id = $1, topic_id = $2, next_offset = 0`;
    await connected(urlOf(service), (client) => client.query(text, identity));
  }
  await connected(urlOf('config'), (client) => client.query('UPDATE outcome_positions SET next_offset = 0'));
  // As if it had ended before it published the last events.
  await connected(urlOf('ledger'), (client) => client.query('UPDATE relay SET next_seq = next_seq - 3'));
}
