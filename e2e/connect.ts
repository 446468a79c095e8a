// A worker of Kafka Connect with the settings of docs/consuming.md. KAFKA_CONNECT is a folder with its jars, the file
// connector's among them.
import { existsSync } from 'node:fs';
import { freePorts } from '@vouchers/tools';
import type { ReadersFolder } from './consuming.blocks.ts';

const JARS = process.env['KAFKA_CONNECT'] ?? '';
const SINKS = ['sink.properties', 'text-sink.properties'];

export const hasConnect = JARS !== '' && existsSync(JARS);

/** Writes the settings for this run's Kafka. @returns the command that runs the worker */
export async function connectCommand(
  folder: ReadersFolder,
  files: Record<string, string>,
  { brokers, topic, namespace }: { brokers: string; topic: string; namespace: string },
): Promise<string[]> {
  const [port] = await freePorts(1);
  for (const name of ['connect.properties', ...SINKS])
    folder.write(
      name,
      files[name]!.replace('localhost:9092', brokers)
        .replace('localhost:8083', `localhost:${port}`)
        .replace(/^topics=.*$/m, `topics=${topic}`)
        // It is the name of the group, too.
        .replace(/^name=/m, `name=${namespace}.`),
    );
  const program = 'org.apache.kafka.connect.cli.ConnectStandalone';
  return ['java', '-Xmx256m', '-cp', `${JARS}/*`, program, 'connect.properties', ...SINKS];
}
