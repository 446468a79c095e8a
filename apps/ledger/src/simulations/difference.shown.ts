import { VERDICTS, type Check, type SimulationDifference } from '@vouchers/contracts';
import type { DifferenceRow } from '@vouchers/event-store';

export function differenceShown(row: DifferenceRow): SimulationDifference {
  const { kind, verdict } = VERDICTS.get(row.type)!;
  return {
    submissionId: row.submissionId,
    kind,
    ...(row.userId !== null && { userId: row.userId }),
    at: new Date(row.at).toISOString(),
    seq: row.seq,
    was: { verdict, ...(row.wasReason !== null && { reason: row.wasReason }) },
    would: { verdict: row.wouldVerdict, ...(row.wouldReason !== null && { reason: row.wouldReason }) },
    class: row.class,
    checks: JSON.parse(row.checks) as Check[],
  };
}
