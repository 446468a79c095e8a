// Makes spans for records whose `traceparent` names a sampled trace. libs/service loads the OpenTelemetry SDK if
// OTEL_EXPORTER_OTLP_ENDPOINT is set. Without the SDK no spans are made and headers pass unchanged.
import {
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api';
import { HEADERS, readTraceparent, traceparentOf } from '@vouchers/contracts';
import { headerOf } from './cloud-event.ts';
import type { Producer } from './record.producer.ts';
import type { OutgoingRecord, RecordBatch } from './record.ts';

export { SpanKind } from '@opentelemetry/api';
export type { Span } from '@opentelemetry/api';

const SAMPLED = 1;
const PRODUCER = 3;
const CONSUMER = 4;
const tracer = trace.getTracer('vouchers');

/** Without an SDK, nothing would export the spans. */
function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('vouchers') !== undefined;
}

/** Starts a child of the span that `traceparent` names; undefined if there is none or its trace is not sampled. */
export function startSpan(
  name: string,
  traceparent: string | null | undefined,
  options: SpanOptions,
): Span | undefined {
  if (!traceparent || !hasSdk()) return undefined;
  const parent = readTraceparent(traceparent);
  if (!parent || (parent.traceFlags & SAMPLED) === 0) return undefined;
  return tracer.startSpan(name, options, trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }));
}

/** The `traceparent` that names this span as the cause. */
export const causedBy = (span: Span): string => traceparentOf(span.spanContext());

/** Ends the span, as failed if there is an error. */
export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined)
    span.setStatus({ code: SpanStatusCode.ERROR, message: String((error as Error).message ?? '') });
  span.end();
}

/** Calls `producer.send` within one span per sampled trace. The records then name their span as the cause. */
export function sendInSpans(producer: Producer, records: OutgoingRecord[]): Promise<void> {
  const spans = new Map<string, Span>();
  for (const { topic, headers } of records) startSend(spans, topic, headers[HEADERS.traceparent]);
  if (spans.size === 0) return producer.send(records);
  return settled(spans.values(), producer.send(records.map((record) => renamed(record, spans))));
}

/** Publishes within one span per sampled trace. Records keep their `traceparent`: a repeat must have the same bytes. */
export function publishInSpans(
  topic: string,
  traceparents: readonly (string | null)[],
  publish: () => Promise<void>,
): Promise<void> {
  const spans = new Map<string, Span>();
  for (const traceparent of traceparents) startSend(spans, topic, traceparent);
  return spans.size === 0 ? publish() : settled(spans.values(), publish());
}

function startSend(spans: Map<string, Span>, topic: string, traceparent: unknown): void {
  if (typeof traceparent !== 'string' || spans.has(traceparent)) return;
  const attributes = { 'messaging.system': 'kafka', 'messaging.destination.name': topic };
  const span = startSpan(`send ${topic}`, traceparent, { kind: PRODUCER, attributes });
  if (span) spans.set(traceparent, span);
}

/** Handles a batch within one span per sampled trace of its records. */
export function handleInSpans(name: string, batch: RecordBatch, handle: () => Promise<void> | void): Promise<void> {
  const spans = new Map<string, Span>();
  for (const record of batch.records) {
    const traceparent = headerOf(record, HEADERS.traceparent);
    if (traceparent === undefined || spans.has(traceparent)) continue;
    const attributes = {
      'messaging.system': 'kafka',
      'messaging.destination.name': batch.topic,
      'messaging.destination.partition.id': String(batch.partition),
      'messaging.kafka.offset': Number(record.offset),
      'messaging.batch.message_count': batch.records.length,
    };
    const span = startSpan(`${name} ${batch.topic}`, traceparent, { kind: CONSUMER, attributes });
    if (span) spans.set(traceparent, span);
  }
  const handled = (async () => handle())();
  return spans.size === 0 ? handled : settled(spans.values(), handled);
}

async function settled(spans: Iterable<Span>, work: Promise<void>): Promise<void> {
  try {
    await work;
    for (const span of spans) endSpan(span);
  } catch (error) {
    for (const span of spans) endSpan(span, error);
    throw error;
  }
}

function renamed(record: OutgoingRecord, spans: ReadonlyMap<string, Span>): OutgoingRecord {
  const span = spans.get(record.headers[HEADERS.traceparent] as string);
  return span ? { ...record, headers: { ...record.headers, [HEADERS.traceparent]: causedBy(span) } } : record;
}
