// Simulates a ledger without fences. Only Postgres's own constraints reject its writes.
import pg from 'pg';
import { asLogin } from '../infrastructure/logins.ts';
import type { Fault } from './fault.ts';

const COPIED = `partition, seq, type, voucher_id, voucher_version, submission_id, user_id, claim_id, redemption_id, reason, at,
  occurred_at, decided_at, traceparent, data, facts`;
/** Copies an event to a place that the ledger will not reach. By default without a submission id. */
const again = (of: string, submission = 'NULL::uuid'): string =>
  `INSERT INTO events (${COPIED})
   SELECT ${COPIED.replace('seq', 'seq + 1000000000').replace('submission_id', submission)}
   FROM events WHERE ${of} LIMIT 1`;

/** Forbidden statements, with the constraint or the SQLSTATE that must reject each. */
const REFUSED: readonly [what: string, statement: string, by: string][] = [
  ['a second decision of a submission', again(`type = 'voucher.claimed.v1'`, 'submission_id'), 'events_one_decision'],
  ['a second push of a user', again(`type = 'voucher.pushed.v1'`), 'events_one_push'],
  ['a second event of a version', again(`type = 'voucher.defined.v1'`), 'events_one_version'],
  [
    'a second event in one place',
    again(`type = 'voucher.claimed.v1'`).replace('seq + 1000000000', 'seq'),
    'events_pkey',
  ],
  ['fewer than no free units', 'UPDATE vouchers SET free = -1 WHERE free IS NOT NULL', 'vouchers_free_check'],
  ['a changed event', `UPDATE events SET reason = 'changed'`, '42501'],
  ['no more events', 'DELETE FROM events', '42501'],
  ['a changed hash', 'UPDATE chain SET added_later = true', '42501'],
  ['no more hashes', 'DELETE FROM chain', '42501'],
];

export const ROGUE_WRITER: Fault = {
  name: 'rogue-writer',
  title: 'someone with the ledger’s login writes contradictions: Postgres refuses each',
  inject: async (stage) => {
    const client = new pg.Client({
      connectionString: asLogin(stage.databaseUrl('ledger'), stage.options.namespace, 'ledger'),
      options: '-c lock_timeout=10s',
    });
    await client.connect();
    const faults: string[] = [];
    try {
      await stage.load.more(60);
      for (const [what, statement, by] of REFUSED) {
        await client.query('BEGIN');
        const result = await client.query(statement).catch((error: pg.DatabaseError) => error.constraint ?? error.code);
        await client.query('ROLLBACK');
        if (result !== by)
          faults.push(
            `constraints: ${what} was ${typeof result === 'string' ? `refused by ${result}` : `taken (${result?.rowCount})`}`,
          );
      }
    } finally {
      await client.end();
    }
    return faults;
  },
};
