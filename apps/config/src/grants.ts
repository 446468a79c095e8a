import type { Grants } from '@vouchers/service';

/** The rights of config's login. A new table needs a line here. */
export const CONFIG_GRANTS: Grants = {
  vouchers: 'SELECT, INSERT, UPDATE, DELETE',
  voucher_versions: 'SELECT, INSERT, UPDATE, DELETE',
  pages: 'SELECT, INSERT, UPDATE, DELETE',
  deleted_pages: 'SELECT, INSERT, UPDATE',
  activity: 'SELECT, INSERT, UPDATE',
  outbox: 'SELECT, INSERT, UPDATE, DELETE',
  signed_publication: 'SELECT, INSERT, UPDATE, DELETE',
  outcome_positions: 'SELECT, INSERT, UPDATE',
  parked_vouchers: 'SELECT, INSERT, UPDATE, DELETE',
  operator_actions: 'SELECT, INSERT, UPDATE',
  saved_items: 'SELECT, INSERT, UPDATE, DELETE',
};
