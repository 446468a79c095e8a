// Asks Kafka for the ids of the cluster and of a topic. kafkajs supports Metadata up to version 6, but topic ids came
// with version 10. So this file encodes one request and decodes its answer (KIP-516; flexible encoding: KIP-482).
import { BrokerDialogue } from './broker.dialogue.ts';
import type { Kafka } from './kafka.ts';

/** The ids of a cluster and a topic. A topic that was deleted and created again has another id. */
export interface TopicIdentity {
  clusterId: string;
  /** UUID. */
  topicId: string;
}

const METADATA = { key: 3, version: 12 };
const TIMEOUT_MS = 5_000;
const NO_TAGS = Buffer.from([0]);

/** @throws Error if no broker answers or the topic does not exist. */
export async function topicIdentity(kafka: Kafka, topic: string): Promise<TopicIdentity> {
  const response = await askAnyBroker(kafka, metadataRequest(kafka.clientId, topic), TIMEOUT_MS);
  return readIdentity(response, topic);
}

/** True if a broker answers within the time. Never throws. */
export async function pingKafka(kafka: Kafka, timeoutMs: number): Promise<boolean> {
  try {
    await askAnyBroker(kafka, metadataRequest(kafka.clientId), timeoutMs);
    return true;
  } catch {
    return false;
  }
}

/** Asks all brokers at once, since there are few, and returns the first answer. */
async function askAnyBroker(kafka: Kafka, request: Buffer, timeoutMs: number): Promise<Buffer> {
  try {
    return await Promise.any(kafka.brokers.map((broker) => ask(kafka, broker, request, timeoutMs)));
  } catch (error) {
    const reasons = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
    throw new Error(`no Kafka broker answers (${reasons})`, { cause: error });
  }
}

async function ask(kafka: Kafka, broker: string, request: Buffer, timeoutMs: number): Promise<Buffer> {
  const dialogue = await BrokerDialogue.open(kafka, broker, timeoutMs);
  try {
    return await dialogue.ask(request);
  } finally {
    dialogue.close();
  }
}

/** Request header v2, Metadata v12: `[topics] allow_auto_topic_creation include_topic_authorized_operations`. */
function metadataRequest(clientId: string, topic?: string): Buffer {
  const client = Buffer.from(clientId);
  const header = Buffer.alloc(10);
  header.writeInt16BE(METADATA.key, 0);
  header.writeInt16BE(METADATA.version, 2);
  header.writeInt32BE(1, 4);
  header.writeInt16BE(client.length, 8);
  const name = Buffer.from(topic ?? '');
  // A compact array encodes its length plus one. A topic id of zeros means that the name counts.
  const topics = topic
    ? [Buffer.from([2]), Buffer.alloc(16), unsignedVarint(name.length + 1), name, NO_TAGS]
    : [Buffer.from([1])];
  const request = Buffer.concat([header, client, NO_TAGS, ...topics, Buffer.from([0, 0]), NO_TAGS]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(request.length);
  return Buffer.concat([length, request]);
}

/**
 * Reads the first fields of Metadata v12 (response header v1): `throttle_time_ms [brokers: node_id host port rack]
 * cluster_id controller_id [topics: error_code name topic_id …]`.
 */
function readIdentity(response: Buffer, topic: string): TopicIdentity {
  const reader = new FlexibleReader(response);
  reader.skip(4);
  reader.skipTags();
  reader.skip(4);
  for (let brokers = reader.arrayLength(); brokers > 0; brokers--) {
    reader.skip(4);
    reader.string();
    reader.skip(4);
    reader.string();
    reader.skipTags();
  }
  const clusterId = reader.string();
  reader.skip(4);
  const topics = reader.arrayLength();
  const error = topics === 1 ? reader.int16() : -1;
  if (error !== 0 || !clusterId) throw new Error(`topic ${topic} is not there (Kafka error ${error})`);
  reader.string();
  const id = reader.bytes(16).toString('hex');
  return { clusterId, topicId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}

class FlexibleReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  int16(): number {
    return this.#buffer.readInt16BE((this.#at += 2) - 2);
  }

  bytes(length: number): Buffer {
    return this.#buffer.subarray(this.#at, (this.#at += length));
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#buffer.readUInt8(this.#at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  arrayLength(): number {
    return this.varint() - 1;
  }

  /** A compact nullable string. */
  string(): string | null {
    const length = this.varint() - 1;
    return length < 0 ? null : this.bytes(length).toString();
  }

  skipTags(): void {
    for (let tags = this.varint(); tags > 0; tags--) {
      this.varint();
      this.skip(this.varint());
    }
  }
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
