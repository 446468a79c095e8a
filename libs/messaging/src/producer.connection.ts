// One idempotent kafkajs producer and its connections. After a failure it is never repaired, only replaced.
import type { Socket } from 'node:net';
import type { Message, Producer as KafkaJsProducer } from 'kafkajs';
import { openSocket, type Kafka } from './kafka.ts';
import type { OutgoingRecord } from './record.ts';

const PRODUCE = 0;
/** The retries last longer than a send's deadline, but an abandoned producer does not retry for ever. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 500, retries: 20 };

export class ProducerConnection {
  readonly #sockets = new Set<Socket>();
  readonly #producer: KafkaJsProducer;
  readonly #onLost: () => void;
  #closed = false;
  /** The requests of the last (or present) `produce` that were written to a socket. */
  #written: Buffer[] = [];
  #rejectProduce: ((error: Error) => void) | undefined;

  /** @param onLost called if a broker closed a connection while nothing was being sent */
  static async open(kafka: Kafka, onLost: () => void): Promise<ProducerConnection> {
    const connection = new ProducerConnection(kafka, onLost);
    try {
      await connection.#producer.connect();
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private constructor(kafka: Kafka, onLost: () => void) {
    this.#onLost = onLost;
    const client = kafka.client({
      retry: { ...RETRY, retries: 2 },
      socketFactory: (target) => this.#watched(openSocket(target)),
    });
    this.#producer = client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry: RETRY,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition!,
    });
  }

  /** True if bytes of the last (or present) `produce` were written to a socket, so that Kafka may have them. */
  get hasWritten(): boolean {
    return this.#written.length > 0;
  }

  /**
   * One call at a time. kafkajs retries the request with the same sequence numbers until it is acknowledged or refused,
   * or this connection is closed.
   */
  async produce(records: OutgoingRecord[]): Promise<void> {
    if (this.#closed) throw new Error('the connection is closed');
    this.#written = [];
    const abandoned = Promise.withResolvers<never>();
    this.#rejectProduce = abandoned.reject;
    try {
      const sent = this.#producer.sendBatch({ acks: -1, topicMessages: byTopic(records) });
      const answers = await Promise.race([sent, abandoned.promise]);
      free(this.#written);
      const acknowledged = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`));
      for (const { topic, partition } of records) {
        // Trap: kafkajs drops records of a partition that does not exist, and reports success.
        if (!acknowledged.has(`${topic}/${partition}`)) throw new Error(`${topic} has no partition ${partition}`);
      }
    } finally {
      this.#rejectProduce = undefined;
    }
  }

  /** Closes at once. The disconnect of kafkajs alone would wait for an answer that may never come. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rejectProduce?.(new Error('the connection was abandoned'));
    // Without an error, kafkajs does not notice and keeps its requests until their timeout.
    for (const socket of this.#sockets) socket.destroy(new Error('the connection was abandoned'));
    void this.#producer.disconnect().catch(() => {});
  }

  #watched(socket: Socket): Socket {
    if (this.#closed) {
      socket.destroy();
      throw new Error('the connection is closed');
    }
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (!this.#closed && !this.#rejectProduce) this.#onLost();
    });
    const write = socket.write.bind(socket) as (...parts: unknown[]) => boolean;
    socket.write = (...parts: unknown[]) => {
      const [data] = parts;
      // kafkajs writes each request with one call: its length (4 bytes), then the API key.
      if (Buffer.isBuffer(data) && data.length > 6 && data.readInt16BE(4) === PRODUCE) this.#written.push(data);
      return write(...parts);
    };
    return socket;
  }
}

/** Frees what Kafka has. Bytes that wait for the garbage collector bring it on. Small ones share their memory. */
function free(written: readonly Buffer[]): void {
  for (const { buffer } of written)
    if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

function byTopic(records: OutgoingRecord[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, partition, key, value, headers, timestamp } of records) {
    let messages = topics.get(topic);
    if (!messages) topics.set(topic, (messages = []));
    messages.push({
      partition,
      key,
      value,
      headers,
      timestamp: String(timestamp ?? Date.now()),
    });
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
