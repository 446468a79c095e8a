// The histogram of answer times, in plain arrays. prom-client's own histogram builds and looks up texts of the labels
// for each answer, which costs as much as making a page.
import type { Metric, MetricValueWithName } from 'prom-client';
import { metrics } from './metrics.ts';

const NAME = 'http_request_duration_seconds';
const HELP = 'Time from the request to the end of its answer';
/** The upper bounds of the buckets. Unit: seconds. */
const BOUNDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The histogram of the answers with the same method, route and status. */
class Series {
  /** The number of answers per bucket, without lower buckets. The last bucket has no upper bound. */
  readonly counts = new Array<number>(BOUNDS.length + 1).fill(0);
  sum = 0;

  add(seconds: number): void {
    let bound = 0;
    while (bound < BOUNDS.length && seconds > BOUNDS[bound]!) bound += 1;
    this.counts[bound]! += 1;
    this.sum += seconds;
  }

  /** The values for Prometheus. There each bucket includes the lower ones. */
  values(labels: Record<string, string | number>): MetricValueWithName<string>[] {
    let count = 0;
    const buckets = this.counts.map((more, bound) => ({
      metricName: `${NAME}_bucket`,
      labels: { le: BOUNDS[bound] ?? '+Inf', ...labels },
      value: (count += more),
    }));
    return [
      ...buckets,
      { metricName: `${NAME}_sum`, labels, value: this.sum },
      { metricName: `${NAME}_count`, labels, value: count },
    ];
  }
}

/** The histograms by method, route and status. They are few, because routes are patterns. */
const answered = new Map<string, Map<string, Series[]>>();

/** Counts one HTTP answer. `route` is the pattern, not the address. */
export function observeAnswer(method: string, route: string, status: number, seconds: number): void {
  let routes = answered.get(method);
  if (!routes) answered.set(method, (routes = new Map()));
  let statuses = routes.get(route);
  if (!statuses) routes.set(route, (statuses = []));
  (statuses[status] ??= new Series()).add(seconds);
}

const told = (): MetricValueWithName<string>[] =>
  [...answered].flatMap(([method, routes]) =>
    [...routes].flatMap(([route, statuses]) =>
      statuses.flatMap((series, status) => series.values({ method, route, status })),
    ),
  );

// The part of a metric that the registry uses.
const metric = {
  name: NAME,
  get: async () => ({ name: NAME, help: HELP, type: 'histogram', values: told() }),
  reset: () => answered.clear(),
};
metrics.registerMetric(metric as unknown as Metric);
