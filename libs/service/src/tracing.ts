// Traces by OpenTelemetry if OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise its SDK is not loaded. OTEL_TRACES_SAMPLER
// and OTEL_TRACES_SAMPLER_ARG choose the sampled traces.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { readTraceparent, traceparentOf } from '@vouchers/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServiceSettings } from './settings.ts';

/** Routes that machines call all the time. */
const UNTRACED = /^\/(health|metrics|docs)/;

/** Begins to trace requests if that is wanted. When the service stops, the remaining spans are sent. */
export async function traceRequests(fastify: FastifyInstance, settings: ServiceSettings): Promise<void> {
  if (settings.tracesTo === '') return;
  const { startSdk } = await import('./tracing.sdk.ts');
  const sdk = startSdk(settings);
  fastify.addHook('onClose', () => sdk.stop());
  const spans = new WeakMap<FastifyRequest, Span>();
  const tracer = trace.getTracer('vouchers');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    if (UNTRACED.test(route)) return done();
    const { traceparent } = headers;
    const parent = readTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
    const attributes = { 'http.request.method': method, 'http.route': route };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, context);
    // Calls and records that the request causes name this span: see `currentTraceparent`.
    headers['traceparent'] = traceparentOf(span.spanContext());
    spans.set(request, span);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
