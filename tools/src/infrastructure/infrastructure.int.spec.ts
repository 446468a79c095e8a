import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { brokers, databaseUrl, testDatabase, testKafka } from '@vouchers/testing';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { Lifetime } from '../processes/lifetime.ts';
import { createDatabases, databaseName } from './databases.ts';
import { startInfrastructure } from './infrastructure.ts';
import { emptyNamespace } from './namespace.ts';
import { removeData } from './postgres.user.ts';

async function ask<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('a Postgres of our own', () => {
  const given = process.env['DATABASE_URL'];
  let folder: string;
  let lifetime: Lifetime;

  beforeEach(() => {
    delete process.env['DATABASE_URL'];
    folder = join(mkdtempSync(join(tmpdir(), 'infrastructure-')), 'data'); // only the owner may enter the parent
    lifetime = new Lifetime();
  });

  afterEach(async () => {
    process.env['DATABASE_URL'] = given;
    await lifetime.end();
    removeData(folder);
    rmSync(join(folder, '..'), { recursive: true });
  });

  it('keeps its data from one start to the next, with Kafka given', async () => {
    const first = await startInfrastructure(lifetime, { folder, say: () => undefined });
    expect(first).toMatchObject({ brokers: brokers().join(','), given: { databaseUrl: false, brokers: true } });
    await ask(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await lifetime.end();
    await expect(ask(first.databaseUrl, 'SELECT 1')).rejects.toThrow();

    lifetime = new Lifetime();
    const second = await startInfrastructure(lifetime, { folder, say: () => undefined });
    expect(await ask(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  }, 60_000);

  it('deletes its data at the end if they are not kept', async () => {
    const { databaseUrl } = await startInfrastructure(lifetime, { say: () => undefined });
    const [row] = await ask<{ data_directory: string }>(databaseUrl, 'SHOW data_directory');
    await lifetime.end();
    expect(existsSync(row!.data_directory)).toBe(false);
  }, 60_000);
});

describe('a namespace on servers that were given', () => {
  it('is emptied, and others are left alone', async () => {
    const { namespace, topics, topic } = testKafka();
    const admin = new kafkajs.Kafka({ brokers: brokers(), logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const other = await testDatabase('namespace');
    const otherTopic = testKafka().topic('kept');
    await admin.createTopics({ topics: [topics.outcomes, topic('own'), otherTopic].map((name) => ({ topic: name })) });
    await createDatabases(databaseUrl(), namespace, ['ledger', 'page-delivery']);
    await createDatabases(databaseUrl(), namespace, ['ledger', 'page-delivery']); // existing ones stay

    const servers = {
      databaseUrl: databaseUrl(),
      brokers: brokers().join(','),
      given: { databaseUrl: true, brokers: true },
    };
    await emptyNamespace(servers, namespace);

    const rows = await ask<{ datname: string }>(databaseUrl(), 'SELECT datname FROM pg_database');
    const names = rows.map(({ datname }) => datname);
    expect(names).toContain(other.name);
    expect(names).not.toContain(databaseName(namespace, 'ledger'));
    expect(names).not.toContain(databaseName(namespace, 'page-delivery'));
    const left = await admin.listTopics();
    expect(left).toContain(otherTopic);
    expect(left.filter((name) => name.startsWith(namespace))).toEqual([]);
    await admin.deleteTopics({ topics: [otherTopic] });
    await admin.disconnect();
    await other.drop();
  });
});
