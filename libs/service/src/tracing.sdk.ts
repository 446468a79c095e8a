// OpenTelemetry's SDK. It is loaded only if traces are wanted, and reads its own standard variables.
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { randomUUID } from 'node:crypto';
import type { ServiceSettings } from './settings.ts';

/** Sends spans in batches in the background and drops them if nobody accepts them. `stop` sends the remaining spans. */
export function startSdk({ service }: ServiceSettings): { stop(): Promise<void> } {
  const own = resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'vouchers',
    'service.instance.id': randomUUID(),
  });
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown().catch(() => undefined) };
}
