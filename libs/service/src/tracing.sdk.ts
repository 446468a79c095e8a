// OpenTelemetry's SDK: loaded only where traces are wanted. Settings of its own come from its standard variables.
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { randomUUID } from 'node:crypto';
import type { ServiceSettings } from './settings.ts';

/** Spans go out in batches, in the background; where nobody takes them they are dropped. `stop` sends what is left. */
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
