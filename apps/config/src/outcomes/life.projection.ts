// Sets the flags of vouchers that the ledger's node rules enabled or terminated. A flag never becomes false again. All
// other columns of `vouchers` are written by staff.
import type { EventType } from '@vouchers/contracts';
import { headOf, headOfRow, type OutcomeHead, type Projection } from '@vouchers/outcomes';

const ENABLED: EventType = 'voucher.enabled.v1';
const TERMINATED: EventType = 'voucher.terminated.v1';

export const LIVES: Projection = {
  positions: 'outcome_positions',
  read: headOf,
  readRow: headOfRow,
  begin: () => ({ rowsOf: (outcomes) => ({ values: livesIn(outcomes) }) }),
  parameters: 2,
  // A statement may change a row only once, so both flags are set at the same time.
  rowsBehind: (fence) => `
  lives_written AS (
    UPDATE vouchers SET enabled = enabled OR id = ANY ($1::uuid[]), ended = ended OR id = ANY ($2::uuid[])
    FROM ${fence}
    WHERE id = ANY ($1::uuid[] || $2::uuid[])
      AND (NOT enabled AND id = ANY ($1::uuid[]) OR NOT ended AND id = ANY ($2::uuid[]))
  )`,
};

function livesIn(outcomes: readonly OutcomeHead[]): unknown[] {
  const of = (type: EventType): string[] =>
    outcomes.filter((outcome) => outcome.type === type).map(({ voucherId }) => voucherId);
  return [of(ENABLED), of(TERMINATED)];
}
