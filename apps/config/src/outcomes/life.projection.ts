// Sets the flags of vouchers that the ledger's node rules enabled or terminated, and replaces the ids of forgotten
// users. A flag never becomes false again. All other columns are written by staff.
import type { EventType } from '@vouchers/contracts';
import { headOf, headOfRow, type OutcomeHead, type Projection } from '@vouchers/outcomes';

const ENABLED: EventType = 'voucher.enabled.v1';
const TERMINATED: EventType = 'voucher.terminated.v1';

/** The columns with who did something, when, and the name. A partition may forget late: later rows belong to a new user. */
const ACTORS = [
  ['activity', 'by', 'at', 'by_name'],
  ['vouchers', 'updated_by', 'updated_at', undefined],
  ['voucher_versions', 'by', 'at', 'by_name'],
  ['pages', 'updated_by', 'updated_at', 'updated_by_name'],
  ['operator_actions', 'by', 'at', undefined],
] as const;

export const LIVES: Projection = {
  positions: 'outcome_positions',
  read: headOf,
  readRow: headOfRow,
  begin: () => ({ rowsOf: (outcomes) => ({ values: valuesOf(outcomes) }) }),
  parameters: 5,
  // A statement may change a row only once, so both flags are set at the same time. An event that forgets a user comes
  // alone; otherwise $3 is null, and Postgres looks at no table for it. These tables are never made by a rebuild.
  rowsBehind: (fence) => `
  lives_written AS (
    UPDATE vouchers SET enabled = enabled OR id = ANY ($1::uuid[]), ended = ended OR id = ANY ($2::uuid[])
    FROM ${fence}
    WHERE id = ANY ($1::uuid[] || $2::uuid[])
      AND (NOT enabled AND id = ANY ($1::uuid[]) OR NOT ended AND id = ANY ($2::uuid[]))
  ), ${ACTORS.map(
    ([table, by, at, name]) => `${table}_forgotten AS (
    UPDATE public.${table} SET ${by} = $4::text${name ? `, ${name} = NULL` : ''} FROM ${fence}
    WHERE $3::text IS NOT NULL AND ${by} = $3::text AND ${at} <= $5::timestamptz
  )`,
  ).join(', ')}, saved_items_forgotten AS (
    DELETE FROM public.saved_items USING ${fence}
    WHERE $3::text IS NOT NULL AND owner = $3::text AND at <= $5::timestamptz
  )`,
};

function valuesOf(outcomes: readonly OutcomeHead[]): unknown[] {
  const of = (type: EventType): string[] =>
    outcomes.filter((outcome) => outcome.type === type).map(({ voucherId }) => voucherId);
  const { userId, pseudonym, at } = outcomes[0]?.forgotten ?? {};
  return [of(ENABLED), of(TERMINATED), userId ?? null, pseudonym ?? null, at ?? null];
}
