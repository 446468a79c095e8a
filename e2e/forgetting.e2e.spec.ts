// A user is forgotten while others claim, and while the ledger is killed: no table, no log and, after compaction and
// retention, no topic has the id or an attribute any more, and everything that the platform proves still holds.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import {
  SERVICE_NAMES,
  SERVICES,
  TOPIC_SETTINGS,
  TOPICS,
  type Claim,
  type Redemption,
  type TopicName,
  type Voucher,
} from '@vouchers/contracts';
import { brokers, databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { expire, keepSettings, readTopics, topicEnds } from '@vouchers/tools';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { Actor, order } from './actor.ts';
import { command } from './command.ts';
import { startLoad, type Load } from './load.ts';
import { send } from './requests.ts';

const USER = `erika-${randomUUID()}`;
const CITY = `city-${randomUUID()}`;
/** The name of the member of staff. */
const NAME = `Ann ${randomUUID()}`;
const TOPIC_NAMES = Object.keys(TOPICS) as TopicName[];
const KAFKA = brokers().join(',');
const folder = mkdtempSync(join(tmpdir(), 'forgetting-'));

interface Forgetting {
  id: string;
  status: string;
  partitions: { done: number; of: number };
}

let services: TestServices;
let actor: Actor;
let token: string;
let vouchers: Voucher[];
let busy: Voucher;
let load: Load;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '30000' } });
  keepSettings(folder, services);
  actor = await Actor.of(services, NAME);
  token = await services.signToken({ scope: 'users:forget', sub: 'privacy' });
  const nodes = { claim: { perUser: 3, record: ['city'] }, use: { when: 'user.tier == "gold"', perClaim: null } };
  vouchers = await Promise.all([1, 2, 3].map(() => actor.published({ nodes })));
  busy = await actor.published({ nodes: { claim: { perUser: null } } });
  load = startLoad((number) => actor.claim(busy.id, { user: `visitor-${number % 50}` }).catch(() => undefined));
}, 120_000);
afterAll(async () => {
  await load?.stop();
  await services?.stop();
  rmSync(folder, { recursive: true });
});

const asUser = { user: USER, attributes: { tier: 'gold', city: CITY } };

/** The user claims, is refused, locks, uses, also by an order call, and has a use rolled back. One claim stays held. */
async function lives({ id }: Voucher): Promise<Claim> {
  const claims: Claim[] = [];
  for (let count = 0; count < 3; count += 1) claims.push((await actor.claim(id, asUser)).body);
  expect((await actor.claim(id, asUser)).body.reason).toBe('per-user-limit');
  const [held, locked, used] = claims as [Claim, Claim, Claim];
  expect((await actor.lock(locked.id, `order-${USER}`, 600, asUser)).status).toBe(200);
  const { body } = (await actor.redeem(used.id, order(`order-${USER}`), {})) as { body: Redemption };
  expect((await actor.rollBack(body.id, {})).status).toBe(200);
  expect((await actor.redeem(used.id, order(`order-2-${USER}`), {})).status).toBe(201);
  expect((await actor.useAll([used.id], order(`order-3-${USER}`), {})).status).toBe(201);
  return held;
}

async function forget(user = USER): Promise<Forgetting> {
  const { 'page-delivery': edge } = services.urls;
  const asked = await send<Forgetting>('POST', `${edge}/v1/users/${user}/forget`, { token, key: randomUUID() });
  expect([asked.status, asked.headers.get('location')]).toEqual([202, `/v1/forgettings/${asked.body.id}`]);
  return asked.body;
}

async function untilDone({ id }: Forgetting): Promise<void> {
  const { 'page-delivery': edge } = services.urls;
  await eventually(
    'all partitions have forgotten the user',
    async () => {
      const { body } = await send<Forgetting>('GET', `${edge}/v1/forgettings/${id}`, { token });
      return body.status === 'done' && body.partitions.done === body.partitions.of;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

/** The tables of all services whose rows contain the text. */
async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const service of SERVICE_NAMES) {
    const { database } = SERVICES[service];
    const url = new URL(databaseUrl());
    url.pathname = `/${services.namespace}_${database}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
      `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type IN ('text', 'json', 'jsonb', 'bytea')`,
    );
    for (const { table, column, type } of columns) {
      const value = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
      const where = `strpos(${value}, $1) > 0`;
      const { rows } = await client.query(`SELECT FROM public."${table}" WHERE ${where} LIMIT 1`, [text]);
      if (rows.length > 0) found.push(`${service}: ${table}.${column}`);
    }
    await client.end();
  }
  return found;
}

const topics = (): Record<TopicName, string> =>
  Object.fromEntries(TOPIC_NAMES.map((name) => [name, `${services.namespace}.${TOPICS[name]}`])) as never;

/** The topics with a record that contains the text. */
async function topicsWith(text: string): Promise<TopicName[]> {
  const read = await readTopics(KAFKA, topics(), TOPIC_NAMES);
  return TOPIC_NAMES.filter((name) =>
    read[name].some(({ key, headers, value }) => JSON.stringify([key, headers, value]).includes(text)),
  );
}

/** Deletes what the topics' retention will delete, up to their present ends. Followers have read it then. */
async function expireTopics(): Promise<void> {
  const expiring = TOPIC_NAMES.filter((name) => Number(TOPIC_SETTINGS[name]['retention.ms'] ?? -1) > 0);
  const ends = await Promise.all(expiring.map((name) => topicEnds(KAFKA, topics()[name])));
  const before = load.visits;
  await eventually('others go on', () => load.visits > before + 3, { timeoutMs: 30_000 });
  for (const [index, name] of expiring.entries()) await expire(KAFKA, topics()[name], ends[index]!);
}

async function expectNoTrace(texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await eventually(`no table has ${text}`, async () => (await tablesWith(text)).length === 0, { timeoutMs: 30_000 });
    expect(await topicsWith(text)).toEqual([]);
    const logs = readdirSync(services.logDir).filter((file) =>
      readFileSync(join(services.logDir, file), 'utf8').includes(text),
    );
    expect(logs).toEqual([]);
  }
}

/** Proof, audit and rebuild find nothing, while others go on. */
async function expectSound(): Promise<void> {
  for (const { id } of [...vouchers, busy])
    expect((await actor.proof(id, '?full=true')).body).toMatchObject({ holds: true });
  for (const name of ['audit', 'rebuild']) {
    const { exitCode, output } = await command(folder, [name]);
    expect(exitCode === 0 ? '' : `${name}: ${output}`).toBe('');
    expect(output).not.toContain(USER);
  }
}

it('forgets a user everywhere while others claim and the ledger is killed', async () => {
  const held = await Promise.all(vouchers.map(lives));
  await eventually('the user is in the read model', async () =>
    (await tablesWith(USER)).includes('page-delivery: claims.user_id'),
  );
  expect((await tablesWith(CITY)).sort()).toEqual(['ledger: claims.facts', 'ledger: events.facts']);
  expect(await topicsWith(USER)).toEqual(['submissions', 'outcomes']);
  expect(await topicsWith(CITY)).toEqual(['submissions']);
  const before = await Promise.all(vouchers.map(({ id }) => actor.counters(id)));

  const forgetting = await forget();
  await services.kill('ledger');
  await services.restart('ledger');
  await untilDone(forgetting);
  await expireTopics();
  await expectNoTrace([USER, CITY]);

  // A lock has ended; all other counts stay.
  const after = await Promise.all(vouchers.map(({ id }) => actor.counters(id)));
  after.forEach(({ body: { asOf: _, ...counts } }, index) => {
    const { asOf: __, ...was } = before[index]!.body;
    expect(counts).toEqual({ ...was, held: was.held + 1, locked: was.locked - 1 });
  });
  await expectSound();

  // The user's claims live on for those who know their ids, and the use rule still finds its fact.
  expect((await actor.redeem(held[0]!.id, order('till-1'), {})).status).toBe(201);
  // The same id is a new user.
  expect((await actor.edge<{ items: Claim[] }>('GET', '/claims', asUser)).body.items).toEqual([]);
  expect((await actor.edge('GET', `/claims/${held[1]!.id}`, asUser)).status).toBe(404);
  const again = await actor.claim(vouchers[0]!.id, asUser);
  expect([again.status, again.body.userId]).toEqual([201, USER]);
}, 240_000);

it('forgets a user by a command, and the same user again', async () => {
  const { 'page-delivery': url } = services.urls;
  const { exitCode, output } = await command(folder, ['forget', '--user', USER, '--url', url], { FORGET_TOKEN: token });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringMatching(/(\d+) of \1 partitions/) });
  await expireTopics();
  await expectNoTrace([USER, CITY]);
  await expectSound();
}, 120_000);

it('forgets staff, but not who wrote a version of a voucher', async () => {
  const { sub } = JSON.parse(Buffer.from(actor.token.split('.')[1]!, 'base64url').toString()) as { sub: string };
  await load.stop();
  const named = ['config: activity.by_name', 'config: voucher_versions.by_name', 'ledger: events.data'];
  expect(await tablesWith(NAME)).toEqual(expect.arrayContaining(named));
  expect(await tablesWith(sub)).toEqual(expect.arrayContaining(['config: activity.by', 'ledger: events.data']));
  await untilDone(await forget(sub));
  // Definitions keep who wrote them.
  const kept =
    /^(ledger: (events\.data|vouchers\.definition)|page-delivery: (definitions_in_force|newest_records)\.\w+)$/;
  await eventually('only definitions name them', async () =>
    (await tablesWith(sub)).every((where) => kept.test(where)),
  );
  expect(await tablesWith(NAME)).toEqual([]);
  const events = await actor.events(`/vouchers/${vouchers[0]!.id}/events`);
  expect(events.filter(({ data }) => data.by?.sub === sub)).toEqual([]);
  expect(events.filter(({ data }) => data.by?.sub.startsWith('forgotten-'))).not.toEqual([]);
  // Their events about the user were changed twice.
  await expectSound();
}, 120_000);
