// A ledger that knows nothing of fences, simulated: Postgres alone refuses what it must not write.
import pg from 'pg';
import type { Fault } from './fault.ts';

const COPIED = `partition, seq, type, voucher_id, voucher_version, submission_id, user_id, claim_id, redemption_id, reason, at,
  occurred_at, decided_at, traceparent, data, facts`;
/** One more event like one that is there, at the next place. */
const again = (of: string): string =>
  `INSERT INTO events (${COPIED}) SELECT ${COPIED.replace('seq', '(SELECT max(seq) + 1 FROM events WHERE partition = e.partition)')}
   FROM events e WHERE ${of} LIMIT 1`;

const REFUSED: readonly [what: string, statement: string, sqlState: string][] = [
  ['a second decision of a submission', again(`type = 'voucher.claimed.v1'`), '23505'],
  ['a second push of a user', again(`type = 'voucher.pushed.v1'`), '23505'],
  ['a second event of a version', again(`type = 'voucher.defined.v1'`), '23505'],
  [
    'a second event in one place',
    `INSERT INTO events (${COPIED}) SELECT ${COPIED.replace('submission_id', 'NULL')}
    FROM events WHERE type = 'voucher.claimed.v1' LIMIT 1`,
    '23505',
  ],
  ['fewer than no free units', 'UPDATE vouchers SET free = -1 WHERE free IS NOT NULL', '23514'],
  ['a changed event', `UPDATE events SET reason = 'changed'`, '42501'],
  ['no more events', 'DELETE FROM events', '42501'],
];

export const ROGUE_WRITER: Fault = {
  name: 'rogue-writer',
  title: 'someone with the ledger’s role writes what contradicts: Postgres refuses each',
  strike: async (stage) => {
    const client = new pg.Client({
      connectionString: stage.databaseUrl('ledger'),
      options: '-c role=voucher_ledger -c lock_timeout=10s',
    });
    await client.connect();
    const faults: string[] = [];
    try {
      await stage.load.more(60);
      for (const [what, statement, sqlState] of REFUSED) {
        await client.query('BEGIN');
        const result = await client.query(statement).catch((error: pg.DatabaseError) => error.code);
        await client.query('ROLLBACK');
        if (result !== sqlState)
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
