// Tests a rebuild beside a ledger that decides: corrected rows become correct in its memory, too.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Counters } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../../testing/running-ledger.ts';
import { rebuild } from './rebuild.ts';

let ledger: RunningLedger;
let url: string;
let busy: string;
let isOver = false;
let load: Promise<void>;
beforeAll(async () => {
  ledger = await new RunningLedger().start();
  url = ledger.settings.databaseUrl;
  busy = await ledger.define();
}, 60_000);
afterAll(async () => {
  isOver = true;
  await load;
  await ledger.stop();
});

const users = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `user-${from + index}`);
const claim = async (voucherId: string, who: string[]) => {
  const claims = who.map((user) => ledger.claim(voucherId, user));
  await ledger.submit(...claims);
  return (await ledger.decided(...claims)).filter(({ type }) => type === 'voucher.claimed.v1').length;
};
async function claimOnAndOn(): Promise<void> {
  for (let round = 0; !isOver; round += 1) await claim(busy, users(25, round * 25));
}
/** Restarts the service, so that it has only what it reads from Postgres. */
async function restart(between: () => Promise<unknown>): Promise<void> {
  await ledger.app.close();
  await between();
  await ledger.startService();
}
const counters = async (voucherId: string) => (await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`)).body;

it('makes the owner forget wrong rows while it decides claims', async () => {
  const quantities = { push: null, claim: 100, redeem: null };
  const voucherId = await ledger.define({ quantities });
  expect(await claim(voucherId, users(50))).toBe(50);
  await restart(() =>
    ledger.pool.query(
      `UPDATE vouchers SET counters = jsonb_set(counters, '{held}', '90'), free = 10 WHERE voucher_id = $1`,
      [voucherId],
    ),
  );
  // Now the owner has the wrong value in memory and writes it.
  expect(await claim(voucherId, users(1, 50))).toBe(1);
  load = claimOnAndOn();
  expect(await counters(voucherId)).toMatchObject({ held: 91, free: 9 });

  const { differences } = await rebuild(url);
  expect(differences.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    expect.stringMatching(/^vouchers, partition \d, only live$/),
    expect.stringMatching(/^vouchers, partition \d, only rebuilt$/),
  ]);
  expect(await claim(voucherId, users(60, 51))).toBe(49);
  expect(await counters(voucherId)).toMatchObject({ claimed: 100, held: 100, free: 0 });
  expect((await rebuild(url)).differences).toEqual([]);
});

it('finds no differences if there are none, while claims are decided', async () => {
  const before = ledger.of(busy).length;
  expect((await rebuild(url, 20)).differences).toEqual([]);
  await eventually('claims go on', () => ledger.of(busy).length > before);
});

it('can be repeated after it was cut off, which the ledger does not notice', async () => {
  await ledger.pool.query('UPDATE voucher_users SET claims = claims + 1 WHERE user_id = $1', ['user-7']);
  const cutOff = rebuild(url, 5);
  await eventually(
    'it has begun',
    async () => {
      const { rows } = await ledger.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database
       WHERE datname = current_database() AND locktype = 'advisory' AND objid = 1919246965`,
      );
      return rows.length > 0;
    },
    { everyMs: 1 },
  );
  await expect(cutOff).rejects.toThrow();
  await eventually('it is done again', () =>
    rebuild(url).then(
      () => true,
      () => false,
    ),
  );
  expect((await rebuild(url)).differences).toEqual([]);
  expect(await claim(busy, ['a user after it'])).toBe(1);
});

it('makes an idle partition tick again whose owner had read that nothing is due', async () => {
  isOver = true;
  await load;
  const day = 86_400_000;
  const range = { from: new Date(Date.now() - day).toISOString(), to: new Date(Date.now() + day).toISOString() };
  const windows = {
    timeZone: 'UTC',
    valid: range,
    claim: range,
    use: { afterClaim: { delay: 'PT0S', length: 'PT4S' } },
  };
  const voucherId = await ledger.define({ windows });
  expect(await claim(voucherId, ['ann'])).toBe(1);
  await restart(async () => {
    await ledger.pool.query(`UPDATE claims SET due_at = '2100-01-01', use_until = '2100-01-01' WHERE voucher_id = $1`, [
      voucherId,
    ]);
    await ledger.pool.query('UPDATE vouchers SET wake_at = NULL');
  });
  // The owner has now read that nothing is due.
  expect(await claim(busy, ['a user of then'])).toBe(1);
  const { differences } = await rebuild(url);
  expect(differences).toHaveLength(2);
  await eventually('it expires', () => ledger.of(voucherId).some(({ type }) => type === 'voucher.claim-expired.v1'), {
    timeoutMs: 40_000,
  });
  expect((await rebuild(url)).differences).toEqual([]);
});
