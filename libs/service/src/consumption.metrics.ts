// Metrics of a service's consumers: their lag and their state.
import { ObservableGauge, type Observation } from './metrics.ts';

/** The part of a consumer that metrics show. */
interface Followed {
  status(): {
    /** The time since the last fetch or heartbeat. */
    idleMs: number;
    /** `lag` is the number of unhandled records in the log at the last fetch. */
    assigned: readonly { partition: number; lag: number }[];
    halted: readonly unknown[];
    failing: readonly unknown[];
    stuck: readonly unknown[];
  };
}

type Status = ReturnType<Followed['status']>;

const lag = new ObservableGauge('consumer_lag_records', 'Records not yet handled, as of the last fetch', [
  'consumer',
  'partition',
]);
const SHOWN: readonly (readonly [ObservableGauge, (status: Status) => number])[] = [
  [gauge('consumer_idle_seconds', 'Since the last fetch or heartbeat'), ({ idleMs }) => idleMs / 1_000],
  [gauge('consumer_assigned_partitions', 'Partitions of this process'), ({ assigned }) => assigned.length],
  [gauge('consumer_halted_partitions', 'Partitions that a person must look at'), ({ halted }) => halted.length],
  [gauge('consumer_failing_partitions', 'Partitions whose batch is tried again'), ({ failing }) => failing.length],
  [gauge('consumer_stuck_records', 'Records that fail alone and wait for an operator'), ({ stuck }) => stuck.length],
];

/** Shows a consumer at /metrics under this name while it runs. */
export function showConsumption(consumer: string, running: () => Followed | undefined): void {
  lag.observe(() =>
    (running()?.status().assigned ?? []).map(({ partition, lag }): Observation => [{ consumer, partition }, lag]),
  );
  for (const [shown, valueOf] of SHOWN)
    shown.observe(() => {
      const followed = running();
      return followed ? [[{ consumer }, valueOf(followed.status())]] : [];
    });
}

function gauge(name: string, help: string): ObservableGauge {
  return new ObservableGauge(name, help, ['consumer']);
}
