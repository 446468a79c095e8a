// Garbage in every followed topic. Each consumer goes on, and so does one that starts afterwards.
import { randomUUID } from 'node:crypto';
import { HEADERS } from '@vouchers/contracts';
import type { NewRequest } from './account.ts';
import { GARBAGE, readTopics } from './evidence.ts';
import type { Fault } from './fault.ts';
import { SPECS } from './load.ts';
import { append, type RawRecord } from './records.ts';
import type { Stage } from './stage.ts';

const LARGE_BYTES = 800_000;

const VALUES: readonly RawRecord['value'][] = [
  '{"voucherId":',
  null,
  '',
  'null',
  '[]',
  '0',
  '{}',
  Buffer.from([0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22]),
  `"${'x'.repeat(LARGE_BYTES)}"`,
  '{"__proto__":{"spec":{}},"constructor":{"prototype":{}}}',
  '['.repeat(50_000),
  '{"spec":null,"version":"x","voucherIds":7,"title":{}}',
];
const KEYS: readonly RawRecord['key'][] = [randomUUID(), 'no-voucher', '__proto__', '', null, Buffer.from([0xff, 0])];
/** Kafka refuses records without a key in compacted topics. */
const COMPACTED_KEYS = KEYS.filter((key) => key !== null);
/** Headers without a place among the events, or with a place that was passed long ago. */
const PLACES: readonly Record<string, string>[] = [
  {},
  { [HEADERS.type]: 'voucher.unheard-of.v1' },
  { [HEADERS.type]: 'voucher.claimed.v1', [HEADERS.id]: 'none', [HEADERS.subject]: 'none' },
  { [HEADERS.type]: 'voucher.claimed.v1', [HEADERS.sequence]: 'first', [HEADERS.partition]: 'x' },
  { [HEADERS.type]: 'voucher.claimed.v1', [HEADERS.sequence]: '-1', [HEADERS.submissionId]: '__proto__' },
  { [HEADERS.type]: 'voucher.claimed.v1', [HEADERS.sequence]: '1', [HEADERS.submissionId]: randomUUID() },
];

/** Appends each value to some partition, with keys and places in turn. */
function garbage(
  partitions: number,
  keys: readonly RawRecord['key'][],
  places: readonly Record<string, string>[] = [{}],
): RawRecord[] {
  return VALUES.flatMap((value, index) =>
    places.map((place, shift) => ({
      partition: (index + shift) % partitions,
      key: keys[(index + shift) % keys.length]!,
      value,
      headers: { ...place, [GARBAGE]: 'yes' },
    })),
  );
}

/** Publishes a voucher that no client uses. @returns its id, and the partition of its definition */
async function published(stage: Stage): Promise<{ id: string; partition: number }> {
  const [voucher] = await stage.publish({ ...SPECS[1]!, name: 'to be garbled' });
  const { id } = voucher!;
  const { definitions } = await readTopics(stage.brokers, stage.topics, ['definitions']);
  return { id, partition: definitions.find(({ key }) => key === id)!.partition };
}

/** @returns a fault if the answer has another status */
async function settles(stage: Stage, request: NewRequest, status: number): Promise<string[]> {
  const answer = await stage.settle(request);
  return answer.status === status ? [] : [`garbage: ${request.method} ${request.path} was answered ${answer.status}`];
}

export const GARBAGE_IN_TOPICS: Fault = {
  name: 'garbage-in-topics',
  title: 'garbage in definitions, pages and outcomes: the rest goes on, also in a process that starts then',
  inject: async (stage) => {
    const { services, topics, partitions, load } = stage;
    const { id, partition } = await published(stage);
    await append(stage, topics.definitions, garbage(partitions, COMPACTED_KEYS));
    const ofVoucher = VALUES.filter((value) => value !== null);
    await append(
      stage,
      topics.definitions,
      ofVoucher.map((value) => ({ partition, key: id, value, headers: { [GARBAGE]: 'yes' } })),
    );
    await append(stage, topics.pages, garbage(partitions, COMPACTED_KEYS));
    await append(stage, topics.outcomes, garbage(partitions, KEYS, PLACES));
    await load.more(30);
    for (const service of ['page-delivery', 'config'] as const) {
      await services.kill(service);
      await services.restart(service);
    }
    const replica = await stage.replica('page-delivery');
    await replica.process.ready();
    await load.more(30);
    await replica.process.kill('SIGTERM');
    // Its next version repairs the voucher with the unreadable definition.
    const body = { ...SPECS[1]!, name: 'whole again' };
    const edited = { service: 'config', method: 'PUT', path: `/v1/vouchers/${id}`, body } as const;
    const claim = { service: 'page-delivery', method: 'POST', path: `/v1/vouchers/${id}/claims` } as const;
    return [
      ...(await settles(stage, edited, 200)),
      ...(await settles(stage, { ...claim, userId: 'after-garbage', key: `after-garbage-${id}` }, 201)),
    ];
  },
};
