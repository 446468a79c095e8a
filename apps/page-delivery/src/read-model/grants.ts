import type { Grants } from '@vouchers/service';

/** The rights of page-delivery's login. A new table needs a line here. */
export const PAGE_DELIVERY_GRANTS: Grants = {
  positions: 'SELECT, INSERT, UPDATE',
  vouchers: 'SELECT, INSERT, UPDATE',
  definitions_in_force: 'SELECT, INSERT, UPDATE',
  claims: 'SELECT, INSERT, UPDATE',
  entries: 'SELECT, INSERT, UPDATE',
  redemptions: 'SELECT, INSERT, UPDATE',
  pushes: 'SELECT, INSERT, DELETE',
  pending_submissions: 'SELECT, INSERT, UPDATE, DELETE',
  newest_records: 'SELECT, INSERT, UPDATE',
  parked_vouchers: 'SELECT, INSERT, UPDATE, DELETE',
  operator_actions: 'SELECT, INSERT, UPDATE',
  forgettings: 'SELECT, INSERT, UPDATE',
  forgotten_partitions: 'SELECT, INSERT',
  orders: 'SELECT, INSERT, UPDATE, DELETE',
  order_calls: 'SELECT, INSERT, UPDATE',
};
