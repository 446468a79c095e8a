import { LEDGER_ROLE } from './migrations/ledger.migration.ts';
import { LEDGER_MIGRATIONS } from './migrations/migrations.ts';

/**
 * The rights of the ledger's role. It may only add events, never change or delete them. A new table needs a line here.
 */
export const LEDGER_GRANTS = {
  events: 'SELECT, INSERT',
  cursor: 'SELECT, INSERT, UPDATE',
  vouchers: 'SELECT, INSERT, UPDATE',
  claims: 'SELECT, INSERT, UPDATE',
  entries: 'SELECT, INSERT, UPDATE',
  voucher_users: 'SELECT, INSERT, UPDATE',
  redemptions: 'SELECT, INSERT, UPDATE',
  checkpoints: 'SELECT, INSERT, DELETE',
  relay: 'SELECT, INSERT, UPDATE',
  refused_pushes: 'SELECT, INSERT, UPDATE',
  skip_orders: 'SELECT, INSERT, UPDATE',
  quarantine_read: 'SELECT, INSERT, UPDATE',
  write_probe: 'SELECT, INSERT, UPDATE',
  signatures_required: 'SELECT, INSERT, UPDATE, DELETE',
  chain: 'SELECT, INSERT',
  chain_secret: 'SELECT',
  heads: 'SELECT, INSERT',
  simulations: 'SELECT, INSERT, UPDATE, DELETE',
  simulation_lease: 'SELECT, UPDATE',
  simulation_records: 'SELECT, INSERT, UPDATE, TRUNCATE',
  simulation_differences: 'SELECT, INSERT, DELETE',
  forgettings: 'SELECT, INSERT, UPDATE, DELETE',
  // Only `forget_user` and `drop_kept_facts` write them.
  kept_facts: 'SELECT',
  forgotten_events: 'SELECT',
};

/** The ledger's database: its migrations, and who may do what with its tables. */
export const LEDGER_DATABASE = {
  entities: [],
  migrations: LEDGER_MIGRATIONS,
  grants: LEDGER_GRANTS,
  grantee: LEDGER_ROLE,
};
