// Sets the flags of vouchers that the ledger's node rules enabled or terminated, and replaces the ids of forgotten
// users. A flag never becomes false again. All other columns are written by staff.
import { USER_FORGOTTEN, type EventType } from '@vouchers/contracts';
import { headOf, headOfRow, type OutcomeHead, type Projection, type Rows, type Writing } from '@vouchers/outcomes';

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

const LIVES_WRITTEN: Writing = {
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

/** These tables are never made by a rebuild. If the user is not known any more, all parameters are null. */
const USER_FORGOTTEN_IN: Writing = {
  parameters: 3,
  rowsBehind: (fence) => `${ACTORS.map(
    ([table, by, at, name]) => `
  ${table}_forgotten AS (
    UPDATE public.${table} SET ${by} = $2::text${name ? `, ${name} = NULL` : ''} FROM ${fence}
    WHERE ${by} = $1::text AND ${at} <= $3::timestamptz
  )`,
  ).join(',')}, saved_items_forgotten AS (
    DELETE FROM public.saved_items USING ${fence} WHERE owner = $1::text AND at <= $3::timestamptz
  )`,
};

export const LIVES: Projection = {
  positions: 'outcome_positions',
  read: headOf,
  readRow: headOfRow,
  begin: () => ({ rowsOf }),
  ...LIVES_WRITTEN,
  forgetting: USER_FORGOTTEN_IN,
};

function rowsOf(outcomes: readonly OutcomeHead[]): Rows {
  const [first] = outcomes;
  if (first?.type === USER_FORGOTTEN) {
    const { userId, pseudonym, at } = first.forgotten ?? {};
    return { values: [userId ?? null, pseudonym ?? null, at ?? null], isForgetting: true };
  }
  const of = (type: EventType): string[] =>
    outcomes.filter((outcome) => outcome.type === type).map(({ voucherId }) => voucherId);
  return { values: [of(ENABLED), of(TERMINATED)] };
}
