// Kafka and Postgres do not belong together. The ledger repairs what can be repaired; otherwise it halts and says so.
import { setTimeout as pause } from 'node:timers/promises';
import { databaseName } from '../infrastructure/databases.ts';
import { asAdmin, ledgerSnapshot, topicEnds } from './evidence.ts';
import type { Fault } from './fault.ts';
import { runStatements } from './operator.ts';
import { lastFaults } from './patience.ts';
import { appendClaims, asProducer, submissions } from './records.ts';
import type { Stage } from './stage.ts';

const LOUD_WITHIN_MS = 60_000;
/** For this long, a halted ledger must neither write nor publish. */
const SILENT_MS = 3_000;
const AT_ONCE = 2_000;

/** Copies the ledger's database and starts the ledger again. @returns a function that stops it and restores the copy */
export async function backedUp(stage: Stage): Promise<() => Promise<void>> {
  const { services, auditor, options } = stage;
  const name = databaseName(options.namespace, 'ledger');
  await services.kill('ledger', 'SIGTERM');
  await runStatements(stage.postgresUrl, `CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
  await services.restart('ledger');
  return async () => {
    await services.kill('ledger', 'SIGTERM');
    await runStatements(
      stage.postgresUrl,
      `DROP DATABASE ${name} WITH (FORCE)`,
      `ALTER DATABASE ${name}_backup RENAME TO ${name}`,
    );
    auditor.restored();
    await services.migrate();
  };
}

const OLDER_BACKUP: Fault = {
  name: 'older-backup',
  title: 'the ledger’s Postgres is restored from a backup older than Kafka: it decides the same again',
  inject: async (stage) => {
    const { services, load } = stage;
    const putBack = await backedUp(stage);
    await load.more(60);
    await putBack();
    await services.restart('ledger');
    await load.more(30);
  },
};

/** Starts the ledger on servers that do not belong together. @returns a fault if it does not halt and say so */
export async function expectHalt(stage: Stage, reason: RegExp): Promise<string[]> {
  const { services, brokers, topics } = stage;
  const ends = await topicEnds(brokers, topics.outcomes);
  const events = async (): Promise<number> =>
    (await ledgerSnapshot(stage.databaseUrl('ledger')).catch(() => ({ events: [] }))).events.length;
  const before = await events();
  const replica = await stage.replica('ledger', { port: Number(new URL(services.urls.ledger).port) });
  const faults = await lastFaults(LOUD_WITHIN_MS, async () => {
    const answer = await fetch(`${services.urls.ledger}/health/ready`);
    const said = `${answer.status} ${await answer.text()}`;
    return said.startsWith('503') && reason.test(said) ? [] : [`halt: readiness says ${said}`];
  });
  await pause(SILENT_MS);
  if ((await events()) > before) faults.push('halt: the ledger went on writing');
  if ((await topicEnds(brokers, topics.outcomes)).some((end, partition) => end > ends[partition]!))
    faults.push('halt: the ledger went on publishing');
  await replica.process.kill();
  return faults;
}

/** Makes the topic as long as the former one, so that its offsets alone do not show the difference. */
async function fill({ brokers, topics }: Stage, ends: readonly number[]): Promise<void> {
  await asProducer(brokers, async (producer) => {
    for (const [partition, end] of ends.entries())
      for (let filled = 0; filled < end; filled += AT_ONCE) {
        const messages = Array.from({ length: Math.min(AT_ONCE, end - filled) }, () => ({ partition, value: 'none' }));
        await producer.send({ topic: topics.submissions, messages });
      }
  });
}

const NEW_TOPIC: Fault = {
  name: 'topic-recreated',
  title: 'the submissions are a new topic, and Postgres knows the old one: the ledger halts and says so',
  ruins: true,
  inject: async (stage) => {
    const { services, topics, brokers, partitions } = stage;
    await services.kill('ledger', 'SIGTERM');
    const [before, ends] = [await submissions(stage), await topicEnds(brokers, topics.submissions)];
    await asAdmin(brokers, async (admin) => {
      await admin.deleteTopics({ topics: [topics.submissions] });
      while ((await admin.listTopics()).includes(topics.submissions)) await pause(100);
      await admin.createTopics({
        topics: [{ topic: topics.submissions, numPartitions: partitions }],
        waitForLeaders: false,
      });
    });
    await fill(stage, ends);
    await appendClaims(stage, before);
    return expectHalt(stage, /partition \d+ halted: partition \d+ was read from topic/);
  },
};

const NEW_POSTGRES: Fault = {
  name: 'postgres-emptied',
  title: 'the ledger’s Postgres is empty, and Kafka has its outcomes: the ledger halts and says so',
  ruins: true,
  inject: async (stage) => {
    const name = databaseName(stage.options.namespace, 'ledger');
    await stage.services.kill('ledger', 'SIGTERM');
    await runStatements(stage.postgresUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    await stage.services.migrate();
    return expectHalt(stage, /partition \d+ halted: .*outcomes/);
  },
};

export const LOG_AND_TABLES: readonly Fault[] = [OLDER_BACKUP, NEW_TOPIC, NEW_POSTGRES];
