import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The metrics at /metrics. Add a metric with `registers: [metrics]`. */
export const metrics = new Registry();
// By default the event loop wakes up a hundred times per second to measure its delay. That is half of the CPU time of
// an idle service.
collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 500 });

/**
 * One value of a gauge with its labels. Labels have few values: partitions, checks, consumers; never users or vouchers.
 */
export type Observation = readonly [labels: Record<string, string | number>, value: number];
type Source = () => readonly Observation[] | Promise<readonly Observation[]>;

/** A gauge whose sources are called only when /metrics is read. A source that fails gives no value. */
export class ObservableGauge {
  private readonly sources: Source[] = [];

  constructor(name: string, help: string, labelNames: string[] = []) {
    const { sources } = this;
    new Gauge({
      name,
      help,
      labelNames,
      registers: [metrics],
      async collect() {
        const told = await Promise.allSettled(sources.map(async (source) => source()));
        this.reset();
        // Without labels, a reset gauge has the value 0.
        if (labelNames.length === 0) this.remove();
        for (const one of told)
          if (one.status === 'fulfilled') for (const [labels, value] of one.value) this.set(labels, value);
      },
    });
  }

  /** Adds a source of values. */
  observe(source: Source): void {
    this.sources.push(source);
  }
}
