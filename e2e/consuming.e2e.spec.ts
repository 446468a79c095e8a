// A stranger follows docs/consuming.md in an empty folder. Tools that this machine lacks are named in skipped tests.
import { fileURLToPath } from 'node:url';
import type { Counters, EventRow } from '@vouchers/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startServices, testKafka, type TestServices } from '@vouchers/testing';
import { asAdmin, demoScopes, makeShowcase, readJourney } from '@vouchers/tools';
import { connectCommand, hasConnect } from './connect.ts';
import { filesIn, GO_OFFLINE, hasGoModules, hasPythonPackage, PYTHON, ReadersFolder } from './consuming.blocks.ts';
import { send } from './requests.ts';
import { walkBlocks } from './walk.ts';

const DOCUMENT = 'docs/consuming.md';
const files = filesIn(DOCUMENT);
const SARAMA = 'github.com/IBM/sarama@v1.45.2';
const NODE = ['node', '--no-warnings', 'consumer.ts'];

const GO_COMMANDS = ['mod init reader', `mod edit -require=${SARAMA}`, 'build -o consumer consumer.go'];
const hasGo = hasGoModules(SARAMA);
/** By place. Partitions have no order among each other. */
const inOrder = (events: Record<string, unknown>[]): Record<string, unknown>[] => {
  const place = ({ partition, sequence }: Record<string, unknown>): number =>
    Number(partition) * 1e9 + Number(sequence);
  return events.sort((one, other) => place(one) - place(other));
};
const unless = (tool: boolean) => (tool ? it : it.skip);

describe('docs/consuming.md', () => {
  let services: TestServices;
  let token: string;
  let environment: Record<string, string>;
  let folder: ReadersFolder;
  let rows: EventRow[];
  beforeAll(async () => {
    services = await startServices();
    token = await services.signToken({ sub: 'analyst', scope: `${demoScopes} audit:read` });
    const { config, ledger, 'page-delivery': pageDelivery } = services.urls;
    const journey = readJourney(fileURLToPath(new URL('../tools/complete-journey', import.meta.url)));
    await makeShowcase(journey, { config, pageDelivery, ledger, token }, new AbortController().signal);
    const topic = `${services.namespace}.voucher.outcomes.v1`;
    environment = { KAFKA_BROKERS: testKafka().brokers.join(','), TOPIC: topic, LEDGER: ledger, TOKEN: token };
    // Rules enable the vouchers some time after they were published.
    await eventually('both vouchers are enabled', async () => {
      rows = await allRows();
      return rows.filter(({ type }) => type === 'voucher.enabled.v1').length === 2;
    });
  }, 120_000);
  afterEach(() => folder?.remove());
  afterAll(() => services?.stop());

  async function allRows(): Promise<EventRow[]> {
    const found: EventRow[] = [];
    for (let partition = 0, partitions = 1; partition < partitions; partition += 1) {
      const { body } = await send<{ items: EventRow[]; partitions: number; next: string | null }>(
        'GET',
        `${services.urls.ledger}/v1/events?partition=${partition}&limit=5000`,
        { token },
      );
      expect(body.next).toBeNull();
      found.push(...body.items);
      partitions = body.partitions;
    }
    return found;
  }

  /** Each event once, and in order within its partition. */
  function expectAll(events: Record<string, unknown>[]): void {
    const partitions = new Set(rows.map(({ partition }) => partition));
    for (const partition of partitions)
      expect(events.filter((event) => event['partition'] === partition)).toEqual(
        rows.filter((row) => row.partition === partition).map(({ id, data }) => ({ id, ...data })),
      );
    expect(events).toHaveLength(rows.length);
  }

  it('its consumer in TypeScript has each event once, also after a restart', async () => {
    folder = new ReadersFolder({ ...environment, GROUP: `${services.namespace}.ts` }).write(
      'consumer.ts',
      files['consumer.ts']!,
    );
    await folder.consume(NODE, rows.length);
    expectAll(folder.events);
    const { id } = (
      await send<{ id: string }>('POST', `${services.urls.config}/v1/vouchers`, {
        token,
        body: {
          name: 'Later',
          resourceType: 'gift',
          windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
        },
      })
    ).body;
    expect(id).toBeDefined();
    // A group of its own begins at the first record, so everything comes twice.
    await folder.consume(NODE, rows.length + 1, { GROUP: `${services.namespace}.again` });
    rows = await allRows();
    expectAll(folder.events);
  }, 120_000);

  unless(hasPythonPackage('confluent_kafka'))(
    'its consumer in Python has each event once (needs confluent-kafka)',
    async () => {
      folder = new ReadersFolder({ ...environment, GROUP: `${services.namespace}.py` }).write(
        'consumer.py',
        files['consumer.py']!,
      );
      await folder.consume([PYTHON, 'consumer.py'], rows.length);
      expectAll(folder.events);
    },
    120_000,
  );

  unless(hasGo)(
    'its consumer in Go has each event once (needs Go, and sarama in its module cache)',
    async () => {
      folder = new ReadersFolder({ ...environment, ...GO_OFFLINE }).write('consumer.go', files['consumer.go']!);
      for (const command of GO_COMMANDS) folder.run('go', command.split(' '));
      await folder.consume(['./consumer'], rows.length);
      expectAll(folder.events);
    },
    300_000,
  );

  unless(hasConnect)(
    'its sinks of Kafka Connect have each event (needs KAFKA_CONNECT)',
    async () => {
      const { TOPIC: topic, KAFKA_BROKERS: brokers } = environment as { TOPIC: string; KAFKA_BROKERS: string };
      folder = new ReadersFolder(environment);
      const command = connectCommand(folder, files, { brokers, topic, namespace: services.namespace });
      await folder.consume(await command, rows.length, {}, ['events.ndjson', 'places.txt']);
      const values = rows.map(({ data }) => data as unknown as Record<string, unknown>);
      expect(inOrder(folder.events)).toEqual(inOrder(values));
      // The file sink writes a value as Java prints a map, in any order of its fields.
      const places = folder.lines('places.txt').map((line) => line.slice(1, -1).split(', ').sort());
      expect(places.sort()).toEqual(
        values
          .map(({ partition, sequence, type }) => [`partition=${partition}`, `sequence=${sequence}`, `type=${type}`])
          .sort(),
      );
    },
    120_000,
  );

  it('its request for lines gives the claims of a partition', async () => {
    const { partition } = rows.find(({ type }) => type === 'voucher.claimed.v1')!;
    folder = new ReadersFolder(environment);
    const [lines] = walkBlocks(new URL(`../${DOCUMENT}`, import.meta.url)).filter(({ name }) => name === 'lines');
    folder.run('bash', ['-ec', lines!.script.replace('partition=0', `partition=${partition}`)]);
    const claimed = rows.filter((row) => row.partition === partition && row.type === 'voucher.claimed.v1');
    const shown = folder.run('cat', ['claimed.ndjson']).split('\n').filter(Boolean);
    expect(shown.map((line) => JSON.parse(line) as EventRow)).toEqual(claimed);
  });

  describe('its questions', () => {
    /** The answers of both tools: funnel, time from claim to use, idle units. */
    async function expectAnswers([funnel, times, idle]: Record<string, unknown>[][]): Promise<void> {
      const { body } = await send<Counters>('GET', `${services.urls.ledger}/v1/counters?label=campaign:today`, {
        token,
      });
      const { pushed, claimed, redeemed, held, locked, used } = body;
      const ofToday = (found: Record<string, unknown>[]) => found.find(({ campaign }) => campaign === 'today');
      expect(ofToday(funnel!)).toEqual({ campaign: 'today', pushed, claimed, redeemed });
      expect(ofToday(times!)).toMatchObject({ campaign: 'today', used });
      expect(Number(ofToday(times!)!['median_hours'])).toBeGreaterThanOrEqual(0);
      expect(ofToday(idle!)).toEqual({ campaign: 'today', idle: held + locked, past_their_end: 0 });
    }
    const written = (): ReadersFolder => {
      const lines = rows.map(({ id, data }) => `${JSON.stringify({ id, ...data })}\n`);
      return (folder = new ReadersFolder(environment).write('events.ndjson', lines.join('')));
    };

    unless(hasPythonPackage('duckdb'))('are answered by DuckDB (needs duckdb)', async () => {
      const script = `import duckdb, json, sys
connection = duckdb.connect()
def answers(query):
    found = connection.execute(query)
    return [dict(zip([column[0] for column in found.description], row)) for row in found.fetchall()]
print(json.dumps([answers(query) for query in open('questions.sql').read().split(';')[:-1]][1:], default=str))`;
      const output = written().write('questions.sql', files['questions.duckdb.sql']!).run(PYTHON, ['-c', script]);
      await expectAnswers(JSON.parse(output) as Record<string, unknown>[][]);
    });

    unless(hasPythonPackage('chdb'))('are answered by ClickHouse (needs chdb)', async () => {
      const script = `import json
from chdb import session
connection = session.Session()
queries = open('questions.sql').read().split(';')[:-1]
connection.query(queries[0])
settings = ' SETTINGS output_format_json_quote_64bit_integers = 0'
print(json.dumps([json.loads(str(connection.query(query + settings, 'JSON')))['data'] for query in queries[1:]]))`;
      const output = written().write('questions.sql', files['questions.clickhouse.sql']!).run(PYTHON, ['-c', script]);
      await expectAnswers(JSON.parse(output) as Record<string, unknown>[][]);
    });
  });

  /** It is the last test, because it removes records that the others read. */
  it('its consumers in TypeScript and Python fill holes from the ledger', async () => {
    const { TOPIC: topic, KAFKA_BROKERS: brokers } = environment as { TOPIC: string; KAFKA_BROKERS: string };
    // Each partition keeps its last record alone.
    await asAdmin(brokers, async (admin) => {
      const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high }) => Number(high) > 1);
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: String(Number(high) - 1) }));
      await admin.deleteTopicRecords({ topic, partitions });
    });
    const programs: [string, string[]][] = [['consumer.ts', NODE]];
    if (hasPythonPackage('confluent_kafka')) programs.push(['consumer.py', [PYTHON, 'consumer.py']]);
    for (const [file, command] of programs) {
      const GROUP = `${services.namespace}.${file}`;
      folder = new ReadersFolder({ ...environment, GROUP }).write(file, files[file]!);
      await folder.consume(command, rows.length);
      expectAll(folder.events);
      await folder.remove();
    }
  }, 180_000);
});
