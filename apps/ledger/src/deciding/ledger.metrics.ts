// The ledger's metrics. A batch is counted once, after it is written; a claim costs one look-up in a map.
import { VERDICTS, type EventType } from '@vouchers/contracts';
import type { Batch } from '@vouchers/event-store';
import { ObservableGauge, metrics } from '@vouchers/service';
import { Counter, Histogram } from 'prom-client';

const registers = [metrics];
const events = new Counter({ name: 'ledger_events_total', help: 'Events written', labelNames: ['type'], registers });
const decisions = new Counter({
  name: 'ledger_decisions_total',
  help: 'Submissions decided',
  labelNames: ['kind', 'verdict', 'reason'],
  registers,
});
const batchRecords = new Histogram({
  name: 'ledger_batch_records',
  help: 'Records per transaction',
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
  registers,
});
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const batchSeconds = new Histogram({
  name: 'ledger_batch_seconds',
  help: 'Time from the beginning of a batch until it is written',
  buckets: SECONDS,
  registers,
});
const commitSeconds = new Histogram({
  name: 'ledger_commit_seconds',
  help: 'Duration of the one statement that writes a batch',
  buckets: SECONDS,
  registers,
});

/** The bytes in use of the `KnowledgeBudget`. */
export const knowledgeBytes = new ObservableGauge(
  'ledger_knowledge_bytes',
  'Memory that vouchers, claims and users take',
  [],
);

/** Records that could not be read or stored. */
export const quarantined = new Counter({ name: 'ledger_quarantined_total', help: 'Records quarantined', registers });
const repeated = new Counter({ name: 'ledger_repeats_total', help: 'Decisions published again', registers });
/** Publications that failed and were tried again. */
export const relayFailures = new Counter({
  name: 'ledger_relay_failures_total',
  help: 'Publications of outcomes that failed and are tried again',
  registers,
});
export const proofs = new Counter({
  name: 'ledger_proofs_total',
  help: 'Proofs that were made, by whether equation and projections hold',
  labelNames: ['holds'],
  registers,
});
for (const holds of ['true', 'false']) proofs.inc({ holds }, 0);

export const relayLag = new ObservableGauge('ledger_relay_lag_events', 'Events committed and not yet published', [
  'partition',
]);
/** The value is 0 if no record waits. */
export const cursorAge = new ObservableGauge(
  'ledger_cursor_age_seconds',
  'Time since the cursor last moved, while records wait',
  ['partition'],
);
/** The value is 0 if nothing is due. */
export const dueLateness = new ObservableGauge('ledger_due_lateness_seconds', 'How long something has been due', [
  'partition',
]);

/** Counts a written batch. `repeats` is the number of submissions whose earlier decision is published again. */
export function countBatch(
  { events: written, from, nextOffset, decidedAt }: Batch,
  commitMs: number,
  repeats: number,
): void {
  repeated.inc(repeats);
  const verdicts = new Map<string, number>();
  const types = new Map<EventType, number>();
  for (const { type, submissionId, reason } of written) {
    types.set(type, (types.get(type) ?? 0) + 1);
    if (submissionId === null) continue;
    const verdict = reason === null ? type : `${type} ${reason}`;
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  }
  for (const [type, count] of types) events.inc({ type }, count);
  for (const [key, count] of verdicts) {
    const [type, reason = ''] = key.split(' ') as [string, string?];
    const kind = VERDICTS.get(type)?.kind ?? type;
    decisions.inc({ kind, verdict: reason === '' ? 'granted' : 'refused', reason }, count);
  }
  batchRecords.observe(nextOffset - from.nextOffset);
  batchSeconds.observe((Date.now() - decidedAt) / 1_000);
  commitSeconds.observe(commitMs / 1_000);
}
