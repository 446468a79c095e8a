// One Kafka broker and controller in one process of this machine (KRaft).
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freshLog, startProcess } from '../processes/owned-process.ts';
import { freePorts } from '../processes/ports.ts';
import { findJava, kafkaJars } from './kafka.jars.ts';
import { secured } from './kafka.security.ts';
import type { RunningServer, ServerOptions } from './running.server.ts';

const READY_WITHIN_MS = 120_000;
const READY = 'Kafka Server started';

/** Starts the broker. Formats its folder if it is new. */
export async function startKafka({ folder, kept, say, kafkaPasswords }: ServerOptions): Promise<RunningServer> {
  const jars = await kafkaJars(say);
  say('Kafka: starting');
  const [broker, controller] = (await freePorts(2)) as [number, number];
  const data = join(folder, 'kafka');
  mkdirSync(data, { recursive: true });
  const properties = join(data, 'server.properties');
  const more = kafkaPasswords ? secured(['PLAINTEXT', 'CONTROLLER'], kafkaPasswords) : {};
  const lines = Object.entries(more).map(([name, value]) => `${name}=${value}\n`);
  // If a setting has two lines, the last one counts.
  writeFileSync(properties, propertiesOf(join(data, 'log'), broker, controller) + lines.join(''), { mode: 0o600 });
  const java = findJava();
  const classpath = join(jars, '*');
  if (!existsSync(join(data, 'log', 'meta.properties')))
    await format(java, classpath, properties, join(folder, 'logs', 'kafka-format.log'));

  const server = await startProcess({
    command: java,
    args: [
      ...['-Xmx512m', '-Xms256m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info', // says when it has started
      ...['-cp', classpath, 'kafka.Kafka', properties],
    ],
    logFile: freshLog(join(folder, 'logs', 'kafka.log')),
    stopSignal: kept ? 'SIGTERM' : 'SIGKILL',
    graceMs: 15_000,
  });
  const until = performance.now() + READY_WITHIN_MS;
  while (!server.lastWords(200).includes(READY)) {
    if (!server.running || performance.now() > until) {
      await server.stop();
      throw new Error(`Kafka did not start\n${server.lastWords()}`);
    }
    await pause(50);
  }
  return {
    address: `127.0.0.1:${broker}`,
    processId: server.pid,
    exited: server.exited,
    stop: () => server.stop(),
  };
}

async function format(java: string, classpath: string, properties: string, logFile: string): Promise<void> {
  const cluster = randomBytes(16).toString('base64url').replace(/^-/, 'A'); // a leading dash would be an option
  const args = ['-cp', classpath, 'kafka.tools.StorageTool', 'format', '-t', cluster, '-c', properties];
  const tool = await startProcess({ command: java, args: ['-XX:TieredStopAtLevel=1', ...args], logFile });
  if ((await tool.exited) !== '0') throw new Error(`Kafka's folder could not be formatted\n${tool.lastWords()}`);
}

/** One node: internal topics have one replica, and a client that names a topic does not make it. */
const propertiesOf = (log: string, broker: number, controller: number): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${log}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=33554432
`;
