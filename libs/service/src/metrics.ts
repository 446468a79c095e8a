import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The process's metrics, shown at /metrics. Add yours with `registers: [metrics]`. */
export const metrics = new Registry();
// By default the event loop is woken a hundred times a second to see how late it is: half of what an idle service costs.
collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 500 });

/** One value of a gauge, with its labels. Labels are few and bounded: partitions, checks, consumers; never a user or a voucher. */
export type Reading = readonly [labels: Record<string, string | number>, value: number];
type Source = () => readonly Reading[] | Promise<readonly Reading[]>;

/** A gauge that costs nothing until /metrics is asked: then its sources tell what is. One that fails tells nothing. */
export class AskedGauge {
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
        // Without labels, a reset gauge says 0.
        if (labelNames.length === 0) this.remove();
        for (const one of told)
          if (one.status === 'fulfilled') for (const [labels, value] of one.value) this.set(labels, value);
      },
    });
  }

  /** What is asked from now on. */
  ask(source: Source): void {
    this.sources.push(source);
  }
}
