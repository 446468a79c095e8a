// Metrics of the waits for decisions.
import { metrics } from '@vouchers/service';
import { Counter, Histogram } from 'prom-client';

const ends = new Counter({
  name: 'page_delivery_outcome_waits_total',
  help: 'Waits for a decision, by their end; pending ones were answered 202',
  labelNames: ['end'],
  registers: [metrics],
});
const seconds = new Histogram({
  name: 'page_delivery_outcome_wait_seconds',
  help: 'Time from a submission to its decision',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
  registers: [metrics],
});

/** `not-sent`: nothing was accepted. `unknown`: Kafka did not acknowledge. */
type End = 'decided' | 'pending' | 'not-sent' | 'unknown';
const COUNTS: Record<End, Counter.Internal> = {
  decided: ends.labels('decided'),
  pending: ends.labels('pending'),
  'not-sent': ends.labels('not-sent'),
  unknown: ends.labels('unknown'),
};

/** Counts a wait. */
export function outcomeWait(end: End, waitedMs: number): void {
  COUNTS[end].inc();
  if (end === 'decided') seconds.observe(waitedMs / 1_000);
}
