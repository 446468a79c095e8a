// The code of the publishing thread. Encoding records is half the work of a claim; the deciding thread has the other
// half.
import { connectKafka, Producer, type Logger } from '@vouchers/messaging/publishing';
import { parentPort, workerData } from 'node:worker_threads';
import { outcomeRecord } from './outcome.record.ts';
import { unpackOutcomes, type OutcomesMessage } from './outcomes.message.ts';

export interface WorkerSettings {
  kafka: Omit<Parameters<typeof connectKafka>[0], 'logger'>;
  topic: string;
  /** The `ce_source` of the records. */
  source: string;
  deadlineMs: number;
}
/** Messages to the thread: events to publish, or the order to end when all are published. */
export type WorkerRequest = { id: number; outcomes: OutcomesMessage } | 'close';
/** Messages from the thread: an acknowledgement, perhaps with an error, or a line for the log. */
export type WorkerAnswer =
  { id: number; error?: string } | { log: keyof Logger; fields: Record<string, unknown>; message: string };

const port = parentPort!;
const { kafka, topic, source, deadlineMs } = workerData as WorkerSettings;

const answer = (value: WorkerAnswer): void => port.postMessage(value);
const log =
  (level: keyof Logger) =>
  (fields: object, message: string): void =>
    answer({ log: level, fields: plain(fields), message });
const logger: Logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: () => undefined };
const producer = new Producer(connectKafka({ ...kafka, logger }), { deadlineMs });

port.on('message', (request: WorkerRequest) => {
  if (request === 'close') return void producer.disconnect().then(() => port.close());
  const { id, outcomes } = request;
  const records = unpackOutcomes(outcomes).map((event) => outcomeRecord(topic, source, event));
  producer.send(records).then(
    () => {
      // Bytes that wait for the garbage collector bring it on, so those that are sent are freed here.
      outcomes.data.buffer.transfer(0);
      answer({ id });
    },
    (error: Error) => answer({ id, error: error.message }),
  );
});

/** The fields in a form that can be sent to another thread. */
function plain(fields: object): Record<string, unknown> {
  const text = ([name, value]: [string, unknown]): [string, unknown] => [
    name,
    value instanceof Error || typeof value !== 'object' ? value : JSON.stringify(value),
  ];
  return Object.fromEntries(Object.entries(fields).map(text));
}
