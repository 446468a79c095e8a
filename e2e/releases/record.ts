// Writes `<version>.json.gz`. Needs a built checkout of that release, and an empty Postgres and Kafka:
// DATABASE_URL=… KAFKA_BROKERS=… node --conditions=source --experimental-transform-types e2e/releases/record.ts
// <checkout>
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { TOPICS } from '@vouchers/contracts';
import { eventually, startTestIssuer, type TestServices } from '@vouchers/testing';
import { asAdmin, startServices } from '@vouchers/tools';
import pg from 'pg';
import { Actor } from '../actor.ts';
import { answersOf, goOn, live } from './life.ts';
import {
  RECORDED,
  type RecordedName,
  type RecordedRecord,
  type RecordedTables,
  type Recording,
  type Statement,
} from './recording.ts';

const NAMESPACE = 'recorded';
const PARTITIONS = 2;
/** The file in which each service of the release lists its migrations, in order. */
const MIGRATIONS: Record<RecordedName, string[]> = {
  ledger: ['libs/event-store/dist/migrations/ledger.migration.js'],
  config: ['apps/config/dist/migrations/1763856000000-create-tables.js'],
  'page-delivery': ['apps/page-delivery/dist/read-model/read-model.migration.js'],
};

const root = resolve(process.argv[2]!);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const { DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers } = process.env as Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'recording-'));
const fileOf = (service: RecordedName) => join(folder, `${service}.jsonl`);

const issuer = await startTestIssuer();
const hook = pathToFileURL(join(import.meta.dirname, 'statements.hook.mjs')).href;
const services = await startServices({
  databaseUrl: databaseUrl!,
  brokers: brokers!,
  issuerUrl: issuer.url,
  client: { id: 'page-delivery', secret: 'secret' },
  namespace: NAMESPACE,
  root,
  only: RECORDED,
  environment: {
    KAFKA_PARTITIONS: String(PARTITIONS),
    OUTCOME_WAIT_MS: '1500',
    NODE_OPTIONS: `--import=${hook}`,
  },
  environmentOf: Object.fromEntries(RECORDED.map((name) => [name, { STATEMENTS_TO: fileOf(name) }])),
});
try {
  const all: TestServices = { ...services, issuer, namespace: NAMESPACE, signToken: issuer.signToken };
  const actor = await Actor.of(all);
  const life = await live(actor, all);
  await settled();
  const marks = RECORDED.map((name) => [name, statements(name).length] as const);
  const tables = {} as Record<RecordedName, Omit<RecordedTables, 'traffic'>>;
  for (const name of RECORDED) tables[name] = await dumped(name);
  await goOn(actor, life);
  await settled();
  const answers = await answersOf(actor, all, life);
  const databases = {} as Record<RecordedName, RecordedTables>;
  for (const [name, mark] of marks)
    databases[name] = { ...tables[name], traffic: traffic(statements(name).slice(mark)) };
  const recording: Recording = { partitions: PARTITIONS, databases, records: await compacted(), answers };
  const file = join(import.meta.dirname, `${version}.json.gz`);
  const packed = gzipSync(JSON.stringify(recording), { level: 9 });
  writeFileSync(file, packed);
  console.log(`${file}: ${packed.length} bytes`);
} finally {
  await services.stop();
  await issuer.stop();
}

function statements(service: RecordedName): Statement[] {
  return readFileSync(fileOf(service), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Statement);
}

/** Keeps all writes, and each read once. */
function traffic(all: Statement[]): Statement[] {
  const seen = new Set<string>();
  return all.filter(({ text }) => {
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew || !/^\s*SELECT/i.test(text);
  });
}

async function query<Row extends pg.QueryResultRow>(service: RecordedName, text: string): Promise<Row[]> {
  const url = new URL(databaseUrl!);
  url.pathname = `/${NAMESPACE}_${service.replaceAll('-', '_')}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until everything submitted is decided, published and projected. */
async function settled(): Promise<void> {
  await pause(2_000);
  await eventually(
    'all is projected',
    async () => {
      const cursors = await query('ledger', 'SELECT partition, next_seq FROM cursor WHERE next_seq > 1 ORDER BY 1');
      const projected = await query(
        'page-delivery',
        'SELECT partition, next_seq FROM positions WHERE next_seq > 1 ORDER BY 1',
      );
      return JSON.stringify(cursors) === JSON.stringify(projected);
    },
    { timeoutMs: 30_000 },
  );
  await pause(2_000);
}

async function dumped(service: RecordedName): Promise<Omit<RecordedTables, 'traffic'>> {
  const schema = [
    'CREATE TABLE migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL)',
  ];
  const runner = { query: (text: string) => Promise.resolve(void schema.push(text)) };
  for (const path of MIGRATIONS[service]) {
    const made = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
    // The time in its name gives the order of migrations.
    const inOrder = Object.keys(made)
      .filter((name) => /\d{13}$/.test(name))
      .sort((one, other) => Number(one.slice(-13)) - Number(other.slice(-13)));
    for (const name of inOrder) await new (made[name] as new () => { up(runner: unknown): Promise<void> })().up(runner);
  }
  const rows: string[] = [];
  const columns = await query<{ table: string; columns: string[] }>(
    service,
    `SELECT table_name AS table, array_agg(column_name::text ORDER BY ordinal_position) AS columns
      FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY 1`,
  );
  // Rows of versions refer to rows of vouchers.
  columns.sort((one, other) => one.table.length - other.table.length);
  for (const { table, columns: names } of columns) {
    const listed = names.map((name) => pg.escapeIdentifier(name));
    const values = listed.map((name) => `coalesce(quote_literal(${name}::text), 'NULL')`).join(` || ', ' || `);
    const found = await query<{ values: string }>(service, `SELECT ${values} AS values FROM ${table} ORDER BY 1`);
    for (const row of found)
      rows.push(`INSERT INTO ${table} (${listed.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${row.values})`);
    if (names.includes('id') && found.length > 0 && /^(migrations|outbox|activity)$/.test(table))
      rows.push(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`);
  }
  return { schema, rows };
}

/** The newest record of each key. */
async function compacted(): Promise<RecordedRecord[]> {
  const newest = new Map<string, RecordedRecord>();
  await asAdmin(brokers!, async (_, client) => {
    const consumer = client.consumer({ groupId: `${NAMESPACE}.recorder` });
    await consumer.connect();
    for (const name of ['definitions', 'pages'] as const)
      await consumer.subscribe({ topic: `${NAMESPACE}.${TOPICS[name]}`, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ topic, partition, message }) => {
        const name = topic.endsWith(TOPICS.pages) ? 'pages' : 'definitions';
        const key = message.key!.toString();
        const headers = Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([header, value]) => [header, String(value)]),
        );
        newest.set(`${name}/${key}`, { topic: name, partition, key, value: message.value!.toString(), headers });
        return Promise.resolve();
      },
    });
    await pause(5_000);
    await consumer.disconnect();
  });
  return [...newest.values()];
}
