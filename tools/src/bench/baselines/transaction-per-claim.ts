// The least that a service with one transaction per claim must do: no HTTP, no framework, no event, no reason.
import pg from 'pg';
import { expectEqual } from '../expect.ts';
import { userOf } from '../kafka.records.ts';

const TABLES = `
  DROP TABLE IF EXISTS voucher_users, vouchers;
  CREATE TABLE vouchers (id int PRIMARY KEY, quota int NOT NULL, claimed int NOT NULL) WITH (fillfactor = 50);
  CREATE TABLE voucher_users (voucher_id int, user_id text, claimed_at timestamptz NOT NULL, PRIMARY KEY (voucher_id, user_id));
  INSERT INTO vouchers VALUES (1, 100000000, 0)`;
const TAKE = {
  name: 'take',
  text: 'UPDATE vouchers SET claimed = claimed + 1 WHERE id = $1 AND claimed < quota',
};
const KEEP = { name: 'keep', text: 'INSERT INTO voucher_users VALUES ($1, $2, now())' };
const BOTH = {
  name: 'both',
  text: `WITH taken AS (UPDATE vouchers SET claimed = claimed + 1 WHERE id = $1 AND claimed < quota RETURNING id)
    INSERT INTO voucher_users SELECT id, $2, now() FROM taken`,
};

type Claim = (client: pg.Client, userId: string) => Promise<void>;

/** Two ways to take a claim: four statements, as most services do, or a single statement, which is fastest. */
export const WAYS = {
  transaction: async (client, userId) => {
    await client.query('BEGIN');
    const { rowCount } = await client.query({ ...TAKE, values: [1] });
    if (rowCount === 1) await client.query({ ...KEEP, values: [1, userId] });
    await client.query(rowCount === 1 ? 'COMMIT' : 'ROLLBACK');
  },
  statement: async (client, userId) => void (await client.query({ ...BOTH, values: [1, userId] })),
} as const satisfies Record<string, Claim>;

/** More connections wait for the row's lock and are slower. */
const CONNECTIONS = 8;

/** Takes claims of one voucher for different users on a new table, and checks them. @returns claims per second */
export async function takeClaims(databaseUrl: string, way: keyof typeof WAYS, claims: number): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: databaseUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]!.query(TABLES);
    let next = 0;
    const began = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        while (next < claims) await WAYS[way](client, userOf(next++));
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    const { rows } = await clients[0]!.query<{ claimed: number; users: number }>(
      'SELECT claimed, (SELECT count(*)::int FROM voucher_users) AS users FROM vouchers',
    );
    expectEqual('claims counted', rows[0]!.claimed, claims);
    expectEqual('users kept', rows[0]!.users, claims);
    return claims / seconds;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
