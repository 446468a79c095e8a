// A Kafka with passwords and rights, as docker-compose.yml has it: the services work there, and each principal can do
// what the table of rights says, and nothing else.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  KAFKA_ADMIN,
  kafkaPrincipal,
  kafkaRights,
  perService,
  SERVICE_NAMES,
  topicNames,
  type KafkaOperation,
  type ServiceName,
} from '@vouchers/contracts';
import { eventually, startServices, uniqueNamespace, type TestServices } from '@vouchers/testing';
import { accessOf, keepSettings, startSecuredKafka } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { Actor, order } from './actor.ts';
import { command } from './command.ts';

const namespace = uniqueNamespace();
const topics = Object.values(topicNames(namespace));
const principals = SERVICE_NAMES.map((name) => kafkaPrincipal(namespace, name));
const passwords = Object.fromEntries([KAFKA_ADMIN, ...principals].map((name) => [name, `password of ${name}`]));
const folder = mkdtempSync(join(tmpdir(), 'kafka-rights-'));
const DENIED = /_AUTHORIZATION_FAILED$/;
/** kafkajs says so of a group that the principal may not join. Each principal joins groups of its own, too. */
const NOT_FOUND = 'KafkaJSGroupCoordinatorNotFound';

interface Refusal {
  name?: string;
  type?: string;
  cause?: Refusal;
  errors?: Refusal[];
  partitions?: { error: Refusal }[];
}

let kafka: Awaited<ReturnType<typeof startSecuredKafka>>;
let services: TestServices;

beforeAll(async () => {
  kafka = await startSecuredKafka({ folder, passwords, namespace, partitions: 2, replication: 0 });
  const logins = perService((name) => {
    const username = kafkaPrincipal(namespace, name);
    return { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: passwords[username]! };
  });
  const environment = { KAFKA_BROKERS: kafka.address, KAFKA_SASL_MECHANISM: 'plain', KAFKA_PARTITIONS: '2' };
  services = await startServices({
    namespace,
    environment: { ...environment, OUTCOME_WAIT_MS: '30000', HEADS_EVERY_MS: '1000' },
    environmentOf: logins,
  });
  keepSettings(folder, services);
}, 240_000);
afterAll(async () => {
  await services?.stop();
  await kafka?.stop();
  rmSync(folder, { recursive: true });
});

function clientOf(username: string, password = passwords[username]!): kafkajs.Kafka {
  const { logLevel } = kafkajs;
  const access = accessOf(kafka.address, username, password);
  return new kafkajs.Kafka({ ...access, retry: { retries: 0 }, requestTimeout: 10_000, logLevel: logLevel.NOTHING });
}

/** The kinds of an error of kafkajs, and of those that it has inside. */
function typesIn(error: unknown): string[] {
  const { name = '', type = '', cause, errors = [], partitions = [] } = error as Refusal;
  const inner = [...(cause ? [cause] : []), ...errors, ...partitions.map((partition) => partition.error)];
  return [name, type, ...inner.flatMap(typesIn)];
}

/** Whether Kafka lets the principal do it. @throws any error that is not about rights */
async function isAllowed(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (typesIn(error).some((type) => type === NOT_FOUND || DENIED.test(type))) return false;
    throw error;
  }
}

async function asAdmin(username: string, work: (admin: kafkajs.Admin) => Promise<unknown>): Promise<boolean> {
  const admin = clientOf(username).admin();
  await admin.connect();
  try {
    return await isAllowed(() => work(admin));
  } finally {
    await admin.disconnect();
  }
}

async function writes(username: string, topic: string): Promise<boolean> {
  const producer = clientOf(username).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    return await isAllowed(() =>
      producer.send({ topic, messages: [{ key: 'k', value: null, headers: { garbage: 'true' } }] }),
    );
  } finally {
    await producer.disconnect();
  }
}

/** Whether it may read the topic as a member of the group. */
async function reads(username: string, topic: string, groupId: string): Promise<boolean> {
  const consumer = clientOf(username).consumer({
    groupId,
    maxWaitTimeInMs: 50,
    retry: { retries: 0, restartOnFailure: async () => false },
  });
  const outcome = Promise.withResolvers<void>();
  consumer.on('consumer.crash', ({ payload }) => outcome.reject(payload.error));
  consumer.on('consumer.fetch', () => outcome.resolve());
  await consumer.connect();
  try {
    return await isAllowed(async () => {
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({ eachBatch: async () => undefined });
      await outcome.promise;
    });
  } finally {
    await consumer.disconnect();
  }
}

describe('the services', () => {
  it('do all of their work with the rights of the table', async () => {
    const actor = await Actor.of(services);
    const voucher = await actor.published({});
    const page = { title: 'Rights', voucherIds: [voucher.id] };
    expect((await actor.config('PUT', '/pages/rights', page)).status).toBe(201);
    const { status, body } = await actor.claim(voucher.id, { user: 'ann' });
    expect(status).toBe(201);
    expect((await actor.redeem(body.id, order('order-ann'), { user: 'ann' })).status).toBe(201);
    await eventually(
      'the page is shown',
      async () => (await actor.edge('GET', '/pages/rights', { user: 'ann' })).status === 200,
    );
    await services.restart('ledger');
    expect((await actor.claim(voucher.id, { user: 'bob' })).status).toBe(201);
  }, 60_000);

  it('are rebuilt and audited with them', async () => {
    expect(await command(folder, ['rebuild'])).toMatchObject({ exitCode: 0 });
    await eventually('the audit reads a published head', async () => {
      const { exitCode, output } = await command(folder, ['audit']);
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      return / [1-9]\d* published heads/.test(output);
    });
  }, 120_000);
});

describe('nobody', () => {
  it('gets in without a password, or with another one', async () => {
    const anonymous = new kafkajs.Kafka({
      brokers: [kafka.address],
      retry: { retries: 0 },
      logLevel: kafkajs.logLevel.NOTHING,
    });
    for (const client of [anonymous, clientOf(principals[0]!, 'another')]) {
      const admin = client.admin();
      await expect(admin.connect().then(() => admin.listTopics())).rejects.toThrow();
      await admin.disconnect();
    }
  }, 30_000);
});

describe.each(SERVICE_NAMES)('%s', (service) => {
  const username = kafkaPrincipal(namespace, service);
  const may = (operation: KafkaOperation, topic: string): boolean =>
    kafkaRights(namespace).some(
      (right) => right.principal === username && right.operation === operation && right.name === topic,
    );
  const groupOf = (name: ServiceName, role: string) => `${namespace}.${name}.${role}`;

  it('reads and writes the topics of the table, and no others', async () => {
    const tried = topics.map(async (topic, index) => ({
      topic,
      describe: await asAdmin(username, (admin) => admin.fetchTopicOffsets(topic)),
      read: await reads(username, topic, groupOf(service, `tries-${index}`)),
      write: await writes(username, topic),
    }));
    const wanted = topics.map((topic) => ({
      topic,
      describe: may('describe', topic),
      read: may('read', topic),
      write: may('write', topic),
    }));
    expect(await Promise.all(tried)).toEqual(wanted);
  }, 60_000);

  it('joins no group of another service', async () => {
    const topic = topics.find((name) => may('read', name))!;
    for (const other of SERVICE_NAMES.filter((name) => name !== service))
      expect({ other, joins: await reads(username, topic, groupOf(other, 'tries')) }).toEqual({ other, joins: false });
  }, 60_000);

  it('changes no topic, no group and no right', async () => {
    const { ConfigResourceTypes: kinds } = kafkajs;
    const changes: [string, (admin: kafkajs.Admin) => Promise<unknown>][] = [
      [
        'make a topic',
        (admin) => admin.createTopics({ topics: [{ topic: `${namespace}.own` }], waitForLeaders: false }),
      ],
      ['make rights', (admin) => admin.createAcls({ acl: [right(username)] })],
      ...topics.flatMap((topic): typeof changes => [
        [`delete ${topic}`, (admin) => admin.deleteTopics({ topics: [topic] })],
        [
          `empty ${topic}`,
          async (admin) => {
            await admin.fetchTopicOffsets(topic); // kafkajs deletes only from a topic whose leaders it has looked up
            await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] });
          },
        ],
        [
          `set ${topic}`,
          (admin) =>
            admin.alterConfigs({
              validateOnly: true,
              resources: [{ type: kinds.TOPIC, name: topic, configEntries: [{ name: 'retention.ms', value: '1000' }] }],
            }),
        ],
      ]),
    ];
    const done: string[] = [];
    for (const [what, change] of changes) if (await asAdmin(username, change)) done.push(what);
    const kept = topics.filter((topic) => may('alter-configs', topic));
    expect(done).toEqual(kept.map((topic) => `set ${topic}`));
  }, 60_000);
});

describe('the command that makes the rights', () => {
  const makeRights = (...args: string[]) =>
    command(folder, ['kafka-rights', ...args], {
      ...{ KAFKA_BROKERS: kafka.address, KAFKA_PARTITIONS: '2', NAMESPACE: namespace },
      ...{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: KAFKA_ADMIN },
      KAFKA_SASL_PASSWORD: passwords[KAFKA_ADMIN]!,
    });

  it('takes away what the table does not have, unless it is to add only', async () => {
    const username = kafkaPrincipal(namespace, 'page-delivery');
    const { outcomes } = topicNames(namespace);
    await asAdmin(KAFKA_ADMIN, (admin) => admin.createAcls({ acl: [right(username, { topic: outcomes })] }));
    await eventually('it may write', () => writes(username, outcomes));
    expect(await makeRights('--only-add')).toMatchObject({ exitCode: 0, output: expect.stringContaining('0 others') });
    expect(await writes(username, outcomes)).toBe(true);
    expect(await makeRights()).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('0 made, 1 others taken away'),
    });
    await eventually('it may not', async () => !(await writes(username, outcomes)));
  }, 60_000);
});

/** The right to write a topic, or to do everything with the cluster. */
function right(username: string, { topic }: { topic?: string } = {}): kafkajs.AclEntry {
  const { AclOperationTypes: operations, AclResourceTypes: resources } = kafkajs;
  return {
    principal: `User:${username}`,
    host: '*',
    operation: topic ? operations.WRITE : operations.ALL,
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
    resourceType: topic ? resources.TOPIC : resources.CLUSTER,
    resourceName: topic ?? 'kafka-cluster',
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
  };
}
