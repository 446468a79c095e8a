// Makes the AsyncAPI 3 document of the topics from the code: content, keys, retention, writers and readers of each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_PARTITIONS,
  DEFINITION_TYPE,
  FORGET_NOW_TYPE,
  FORGET_TYPE,
  HEAD_TYPE,
  HEADERS,
  PAGE_TYPE,
  schemaIdOf,
  SERVICES,
  SUBMISSION_TYPES,
  TICK_TYPE,
  TOPICS,
  TOPIC_SETTINGS,
  USER_FORGOTTEN,
  type SubmissionKind,
  type TopicName,
} from '@vouchers/contracts';
import {
  CHAIN_HEAD,
  choice,
  DEFINITION,
  EVENT_TYPES,
  eventDataOf,
  FORGET,
  FORGET_NOW,
  ID,
  PAGE,
  referring,
  SLUG,
  submissionOf,
  text,
  TICK,
  TIME,
  type Schema,
} from '@vouchers/contracts/schemas';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { ROOT } from '../places.ts';
import { pascal, titled } from './titled.ts';

/** The parts of an AsyncAPI document that are used here. */
export interface AsyncApiDocument {
  readonly [part: string]: unknown;
  readonly channels: Readonly<Record<string, AsyncApiChannel>>;
  readonly components: {
    readonly messages: Readonly<Record<string, AsyncApiMessage>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}
interface AsyncApiChannel {
  readonly [part: string]: unknown;
  readonly address: string;
  readonly messages: Readonly<Record<string, Schema>>;
}
interface AsyncApiMessage {
  readonly [part: string]: unknown;
  readonly headers: Schema;
  readonly payload: Schema;
}

const ABOUT =
  `CloudEvents 1.0 in binary mode. Within v1 only optional fields are added, and readers ignore unknown fields.
A record with a key is in partition (murmur2(key) & 0x7fffffff) % partitions, with murmur2 as in Kafka's Java client.
librdkafka's own default is another one: set partitioner=murmur2_random there.`.replaceAll('\n', ' ');
const VERSION = '3.0.0';
const BINDING_VERSION = '0.5.0';
const DIGITS: Schema = { type: 'string', pattern: '^\\d{1,15}$' };
const VOUCHER_KEY: Schema = { ...ID, description: "the voucher's id" };

const ENVELOPE: Record<string, Schema> = {
  [HEADERS.id]: { ...text(), description: 'does not change when the record is published again' },
  [HEADERS.source]: {
    ...text(),
    description:
      "the service that wrote it, or the ledger's EVENT_SOURCE. With `ce_id` it is the identity of an event; after a restored backup only `ce_partition` and `ce_sequence` are",
  },
  [HEADERS.specVersion]: { const: '1.0' },
  [HEADERS.time]: TIME,
  [HEADERS.subject]: { ...text(), description: 'the key' },
  'content-type': { const: 'application/json' },
};
const TRACE = { [HEADERS.traceparent]: { ...text(), description: 'W3C Trace Context of its cause' } };
const SIGNATURE = {
  [HEADERS.signature]: {
    type: 'string' as const,
    pattern: '^[\\w.-]{1,32}:[\\w-]{43}$',
    description:
      'The id of the key, a colon, and HMAC-SHA256 in base64url over topic, key, type and value; for a record without a value also over ce_version. Absent while SUBMISSION_SIGNATURES is off',
  },
};
const dataSchema = (type: string): Schema => ({
  const: schemaIdOf(type),
  description: "the $id of the value's JSON Schema in docs/events. Records of 0.1.0 lack it",
});
const SUBMISSION = { [HEADERS.submissionId]: ID };
const PLACE = {
  [HEADERS.partition]: { ...DIGITS, description: "the ledger's partition" },
  [HEADERS.sequence]: {
    ...DIGITS,
    description:
      'an integer, to be compared as a number: as a text, 9999 is above 19616. Without holes within its partition: drop known events, halt at a hole',
  },
};

interface Message {
  readonly payload: Schema;
  readonly key: Schema;
  /** Headers besides those of the envelope. `always`: headers of every record. */
  readonly always?: Record<string, Schema>;
  readonly sometimes?: Record<string, Schema>;
}

const MESSAGES: Readonly<Record<string, Message>> = {
  [DEFINITION_TYPE]: { payload: DEFINITION, key: VOUCHER_KEY, sometimes: { ...TRACE, ...SIGNATURE } },
  [PAGE_TYPE]: { payload: PAGE, key: SLUG, sometimes: { ...TRACE, ...SIGNATURE } },
  [TICK_TYPE]: { payload: TICK, key: { const: '' }, sometimes: SIGNATURE },
  [HEAD_TYPE]: { payload: CHAIN_HEAD, key: { ...text(), description: '`partition:seq`' } },
  [FORGET_TYPE]: { payload: FORGET, key: { const: '' }, sometimes: { ...TRACE, ...SIGNATURE } },
  [FORGET_NOW_TYPE]: { payload: FORGET_NOW, key: { const: '' }, sometimes: SIGNATURE },
  ...Object.fromEntries(
    Object.entries(SUBMISSION_TYPES).map(([kind, type]) => [
      type,
      {
        payload: submissionOf(kind as SubmissionKind),
        key: VOUCHER_KEY,
        always: SUBMISSION,
        sometimes: { ...TRACE, ...SIGNATURE },
      },
    ]),
  ),
  ...Object.fromEntries(
    EVENT_TYPES.map((type) => [
      type,
      { payload: eventDataOf(type), key: VOUCHER_KEY, always: PLACE, sometimes: { ...SUBMISSION, ...TRACE } },
    ]),
  ),
  [USER_FORGOTTEN]: {
    payload: eventDataOf(USER_FORGOTTEN),
    key: { ...ID, description: "the forgetting's id" },
    always: { ...PLACE, ...SUBMISSION },
  },
};
const QUARANTINED = 'quarantined';
const QUARANTINE_HEADERS: Record<string, Schema> = {
  quarantine_reason: text(),
  quarantine_topic: text(),
  quarantine_partition: DIGITS,
  quarantine_offset: DIGITS,
};

interface Channel {
  readonly says: string;
  readonly messages: readonly string[];
}

const CHANNELS: Readonly<Record<TopicName, Channel>> = {
  definitions: {
    says: "The full state of each voucher's newest version, with its goods",
    messages: [DEFINITION_TYPE],
  },
  pages: { says: 'Each page', messages: [PAGE_TYPE] },
  submissions: {
    says: 'The single ordered input of the ledger: submissions, definitions without goods, ticks of time, and users to forget',
    messages: [DEFINITION_TYPE, TICK_TYPE, FORGET_TYPE, FORGET_NOW_TYPE, ...Object.values(SUBMISSION_TYPES)],
  },
  outcomes: {
    says: 'Every event of the ledger, in order, at least once',
    messages: EVENT_TYPES,
  },
  quarantine: {
    says: 'Records that could not be read, unchanged, with the reason and their place in headers',
    messages: [QUARANTINED],
  },
  heads: {
    says: "The heads of the partitions' chains of hashes, hourly and kept for ever: they show events that were altered later",
    messages: [HEAD_TYPE],
  },
};

/** The schema of each message's value, by its type. */
export const messageSchemas = (): [type: string, payload: Schema][] =>
  Object.entries(MESSAGES).map(([type, { payload }]) => [type, payload]);

/** Makes the document from the code. */
export function asyncApiDocument(): AsyncApiDocument {
  const schemas: Record<string, Schema> = {};
  const messages = Object.fromEntries(
    Object.entries(MESSAGES).map(([type, message]) => [type, messageOf(type, message, schemas)]),
  );
  const channels = Object.entries(CHANNELS) as [TopicName, Channel][];
  return {
    asyncapi: VERSION,
    info: {
      title: 'Voucher platform',
      version: '1',
      description: ABOUT,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels.map(([name, channel]) => [name, channelOf(name, channel)])),
    operations: Object.fromEntries(channels.flatMap(([name]) => operationsOf(name))),
    components: {
      messages: {
        ...messages,
        [QUARANTINED]: {
          headers: titled({ type: 'object', properties: QUARANTINE_HEADERS }, 'QuarantinedHeaders'),
          payload: { title: 'Quarantined' },
        },
      },
      schemas: Object.fromEntries(
        Object.entries(schemas)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, schema]) => [name, titled(schema, pascal(name))]),
      ),
    },
  };
}

/** The errors that AsyncAPI's own JSON Schema finds in a document. */
export function asyncApiFaults(document: unknown): string[] {
  validator ??= compiled();
  if (validator(document)) return [];
  return (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

let validator: ValidateFunction | undefined;

function compiled(): ValidateFunction {
  const path = join(ROOT, 'node_modules/@asyncapi/specs/schemas', `${VERSION}.json`);
  // The schema contains its own meta-schema.
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
}

function messageOf(
  type: string,
  { payload, key, always = {}, sometimes = {} }: Message,
  schemas: Record<string, Schema>,
): AsyncApiMessage {
  const certain = { [HEADERS.type]: choice(type), ...ENVELOPE, ...always };
  return {
    name: type,
    contentType: 'application/json',
    headers: titled(
      {
        type: 'object',
        required: Object.keys(certain),
        properties: { ...certain, ...sometimes, [HEADERS.dataSchema]: dataSchema(type) },
      },
      `${pascal(type)}Headers`,
    ),
    payload: referring(payload, schemas, '#/components/schemas/'),
    bindings: { kafka: { key: titled(key, `${pascal(type)}Key`), bindingVersion: BINDING_VERSION } },
  };
}

function channelOf(name: TopicName, { says, messages }: Channel): AsyncApiChannel {
  const { 'cleanup.policy': cleanup, ...settings } = TOPIC_SETTINGS[name];
  const asNumbers = Object.entries(settings).map(([key, value]) => [
    key,
    /^-?\d+$/.test(value) ? Number(value) : value,
  ]);
  return {
    address: TOPICS[name],
    description: says,
    messages: Object.fromEntries(messages.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: {
      kafka: {
        topic: TOPICS[name],
        partitions: DEFAULT_PARTITIONS,
        topicConfiguration: { 'cleanup.policy': [cleanup], ...Object.fromEntries(asNumbers) },
        bindingVersion: BINDING_VERSION,
      },
    },
  };
}

/** The services that write and read a topic, by the registry. */
function operationsOf(name: TopicName): [string, object][] {
  const services = Object.values(SERVICES);
  const operation = (service: string, action: 'send' | 'receive'): [string, object] => [
    `${service}-${action}s-${name}`,
    { action, channel: { $ref: `#/channels/${name}` }, tags: [{ name: service }] },
  ];
  return [
    ...services.filter(({ writes }) => writes.includes(name)).map((service) => operation(service.name, 'send')),
    ...services.filter(({ reads }) => reads.includes(name)).map((service) => operation(service.name, 'receive')),
  ];
}
