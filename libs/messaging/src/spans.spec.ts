import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Producer } from './record.producer.ts';
import type { OutgoingRecord, RecordBatch } from './record.ts';
import { handleInSpans, publishInSpans, sendInSpans } from './spans.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';
const sampled = `00-${traceId}-${caller}-01`;
const unsampled = `00-${traceId}-${caller}-00`;

const record = (traceparent?: string): OutgoingRecord => ({
  topic: 'a-topic',
  partition: 0,
  key: 'key',
  value: '{}',
  headers: { ce_id: 'id', ...(traceparent && { traceparent }) },
});
/** A producer that collects the records that it is asked to send. */
function sending(outcome: Promise<void> = Promise.resolve()): { producer: Producer; sent: OutgoingRecord[][] } {
  const sent: OutgoingRecord[][] = [];
  const send = (records: OutgoingRecord[]): Promise<void> => {
    sent.push(records);
    return outcome;
  };
  return { producer: { send } as Producer, sent };
}
const batch = (...traceparents: string[]): RecordBatch =>
  ({
    topic: 'a-topic',
    partition: 3,
    records: traceparents.map((traceparent, index) => ({ offset: BigInt(index), headers: { traceparent } })),
  }) as unknown as RecordBatch;

describe('without an SDK', () => {
  it.each([sampled, unsampled, undefined])('records are sent unchanged: %s', async (traceparent) => {
    const { producer, sent } = sending();
    await sendInSpans(producer, [record(traceparent)]);
    expect(sent).toEqual([[record(traceparent)]]);
  });

  it('batches are handled, and the handler’s errors are passed on', async () => {
    await handleInSpans('handle', batch(sampled), () => undefined);
    await expect(handleInSpans('handle', batch(sampled), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('with an SDK', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => {
    trace.setGlobalTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  });
  beforeEach(() => exporter.reset());
  afterAll(() => trace.disable());

  const told = () => exporter.getFinishedSpans();

  it('a send makes a span, which its records name as their cause', async () => {
    const { producer, sent } = sending();
    await sendInSpans(producer, [record(sampled), record(), record(sampled)]);
    const [span] = told();
    expect(told()).toHaveLength(1);
    expect(span).toMatchObject({ name: 'send a-topic', kind: SpanKind.PRODUCER });
    expect(span!.parentSpanContext).toMatchObject({ traceId, spanId: caller });
    const own = `00-${traceId}-${span!.spanContext().spanId}-01`;
    expect(sent[0]!.map(({ headers }) => headers['traceparent'])).toEqual([own, undefined, own]);
    expect(sent[0]![0]!.headers['ce_id']).toBe('id');
  });

  it('records that are published as stored keep their cause', async () => {
    const { producer, sent } = sending();
    await publishInSpans('a-topic', [sampled, null, sampled], () => producer.send([record(sampled)]));
    expect([told().length, sent]).toEqual([1, [[record(sampled)]]]);
    expect(told()[0]).toMatchObject({ name: 'send a-topic', kind: SpanKind.PRODUCER });
  });

  it('a trace that is not sampled gets no span', async () => {
    const { producer, sent } = sending();
    await sendInSpans(producer, [record(unsampled)]);
    await handleInSpans('handle', batch(unsampled), () => undefined);
    expect([told().length, sent]).toEqual([0, [[record(unsampled)]]]);
  });

  it('a failure marks the span as failed and reaches the caller', async () => {
    const { producer } = sending(Promise.reject(new Error('Kafka is away')));
    await expect(sendInSpans(producer, [record(sampled)])).rejects.toThrow('Kafka is away');
    await expect(
      handleInSpans('handle', batch(sampled), () => {
        throw new Error('a hole');
      }),
    ).rejects.toThrow('a hole');
    expect(told().map(({ status }) => status)).toEqual([
      { code: SpanStatusCode.ERROR, message: 'Kafka is away' },
      { code: SpanStatusCode.ERROR, message: 'a hole' },
    ]);
  });

  it('a batch is handled in one span per trace', async () => {
    const other = sampled.replace(traceId, 'a'.repeat(32));
    await handleInSpans('handle', batch(sampled, other, sampled), () => undefined);
    expect(told().map((span) => [span.spanContext().traceId, span.attributes['messaging.kafka.offset']])).toEqual([
      [traceId, 0],
      ['a'.repeat(32), 1],
    ]);
  });
});
