import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The process's metrics, shown at /metrics. Add yours with `registers: [metrics]`. */
export const metrics = new Registry();
collectDefaultMetrics({ register: metrics });

/** One observation an HTTP answer, in seconds. `route` is the pattern, never the address. */
export const httpSeconds = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
});
