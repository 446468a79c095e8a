import { Histogram } from 'prom-client';
import { metrics } from './metrics.ts';

/** The answer times by method, route and status. `route` is the pattern, not the address. */
export const httpSeconds = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [metrics],
});
