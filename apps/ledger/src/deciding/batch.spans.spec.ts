import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { VoucherEvent } from '@vouchers/voucher';
import { BatchSpans } from './batch.spans.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const sampled = `00-${traceId}-00f067aa0ba902b7-01`;
const event = (type: VoucherEvent['type'], more: Partial<VoucherEvent> = {}): VoucherEvent =>
  ({ type, ...more }) as VoucherEvent;
const claimed = event('voucher.claimed.v1', { submissionId: 's' });

describe('the spans of a batch', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => {
    trace.setGlobalTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  });
  beforeEach(() => exporter.reset());
  afterAll(() => trace.disable());

  const told = () => exporter.getFinishedSpans();
  const named = (name: string) => told().find((span) => span.name === name)!;

  it('are a decision and its commit as a child, sent when it is committed', () => {
    const spans = new BatchSpans(3, Date.now());
    const cause = spans.decide(sampled, [claimed]);
    const committed = spans.commit(1);
    expect(told()).toEqual([]);
    committed();
    expect(told().map(({ name }) => name)).toEqual(['commit', 'decide']);
    const { spanId } = named('decide').spanContext();
    expect(cause).toBe(`00-${traceId}-${spanId}-01`);
    expect(named('commit').parentSpanContext).toMatchObject({ traceId, spanId });
  });

  it.each([
    ['a node that turned before', [event('voucher.enabled.v1'), claimed], { 'voucher.event': 'voucher.claimed.v1' }],
    [
      'a refusal',
      [event('voucher.claim-refused.v1', { submissionId: 's', reason: 'sold-out' })],
      { 'voucher.event': 'voucher.claim-refused.v1', 'voucher.reason': 'sold-out' },
    ],
    ['a definition', [event('voucher.defined.v1')], { 'voucher.event': 'voucher.defined.v1' }],
  ])('name the verdict: %s', (_what, events, attributes) => {
    const spans = new BatchSpans(3, Date.now());
    spans.decide(sampled, events);
    spans.commit(events.length)();
    expect(named('decide').attributes).toMatchObject(attributes);
  });

  it('have the error of a failed commit', () => {
    const spans = new BatchSpans(3, Date.now());
    spans.decide(sampled, [claimed]);
    spans.commit(1)(new Error('fenced'));
    expect(told().map(({ status }) => status)).toEqual([
      { code: SpanStatusCode.ERROR, message: 'fenced' },
      { code: SpanStatusCode.ERROR, message: 'fenced' },
    ]);
  });

  it.each([null, sampled.replace(/1$/, '0')])('do not exist if nothing is sampled: %s', (traceparent) => {
    const spans = new BatchSpans(3, Date.now());
    expect(spans.decide(traceparent, [claimed])).toBe(traceparent);
    spans.commit(1)();
    expect(told()).toEqual([]);
  });
});
