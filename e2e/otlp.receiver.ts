// Receives traces like an OpenTelemetry collector (OTLP over HTTP, JSON), and prints them as trees.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface ReceivedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** Unix time. Unit: milliseconds. */
  beganAt: number;
  tookMs: number;
  attributes: Record<string, unknown>;
}

export interface OtlpReceiver {
  readonly url: string;
  /** The spans of a trace, in the order in which they began. */
  spansOf(traceId: string): ReceivedSpan[];
  stop(): Promise<void>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface Exported {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Pick<ReceivedSpan, 'name' | 'traceId' | 'spanId' | 'parentSpanId'> & {
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes: Attribute[];
      })[];
    }[];
  }[];
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        spans.push(...spansIn(body as Exported));
        response.setHeader('content-type', 'application/json').end('{}');
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spansOf: (traceId) =>
      spans.filter((span) => span.traceId === traceId).sort((one, other) => one.beganAt - other.beganAt),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Prints one line per span, indented under its parent. */
export function treeOf(spans: readonly ReceivedSpan[]): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const first = Math.min(...spans.map(({ beganAt }) => beganAt));
  const lines = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter(({ parentSpanId }) => (parent === undefined ? !ids.has(parentSpanId ?? '') : parentSpanId === parent))
      .flatMap(({ service, name, spanId, beganAt, tookMs }) => [
        `${'  '.repeat(depth)}${service}: ${name}  (at ${(beganAt - first).toFixed(1)} ms, ${tookMs.toFixed(1)} ms)`,
        ...lines(spanId, depth + 1),
      ]);
  return lines(undefined, 0).join('\n');
}

function spansIn({ resourceSpans }: Exported): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ name, traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano, attributes }) => ({
        service,
        name,
        traceId,
        spanId,
        ...(parentSpanId && { parentSpanId }),
        beganAt: Number(BigInt(startTimeUnixNano) / 1_000n) / 1_000,
        tookMs: Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6,
        attributes: valuesOf(attributes),
      }));
  });
}

const valuesOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
