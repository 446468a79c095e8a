import { csvLine, type CounterValues, type Proof } from '@vouchers/contracts';
import { EVENT_COUNTS, UNIT_COUNTS } from '../parts/counters.ts';

/** Counters and refusals, one per line. */
export function countersCsv(counters: CounterValues): string {
  const counts = Object.entries(counters).filter(([, value]) => typeof value === 'number' || value === null);
  const refusals = Object.entries(counters.refused).flatMap(([kind, reasons]) =>
    Object.entries(reasons ?? {}).map(([reason, count]) => csvLine(['refused', kind, reason, count])),
  );
  return [
    csvLine(['what', 'kind', 'reason', 'count']),
    ...counts.map(([name, value]) => csvLine([name, '', '', value])),
    ...refusals,
  ].join('');
}

/** A proof with how to check it. */
export function proofCsv(proof: Proof, how: readonly string[]): string {
  const { holds, claimQuantity, projected, head, replayed, checks, chain } = proof;
  return [
    csvLine(['what', 'fromEvents', 'asKept']),
    csvLine(['holds', holds]),
    csvLine(['claimQuantity', claimQuantity]),
    ...UNIT_COUNTS.map((unit) => csvLine([unit, proof[unit], projected[unit]])),
    ...EVENT_COUNTS.map((count) => csvLine([count, '', projected[count]])),
    ...checks.map(({ check, passed, faults }) => csvLine([`check ${check}`, passed, (faults ?? []).join('; ')])),
    csvLine(['lastEvent', `${head.partition}/${head.seq}`]),
    csvLine(['replayed', `${replayed.after + 1}-${replayed.until}`]),
    ...(chain
      ? [
          csvLine(['chainHead', `${chain.seq}`, chain.hash]),
          csvLine(['attestedFrom', chain.attestedFrom]),
          ...(chain.published
            ? [csvLine(['publishedHead', `${chain.published.seq} ${chain.published.at}`, chain.published.hash])]
            : []),
        ]
      : []),
    ...how.map((step, index) => csvLine([`howToCheck ${index + 1}`, step])),
  ].join('');
}
