import type { Counters, Proof } from '@vouchers/contracts';
import { brokers, databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseName } from '../../infrastructure/databases.ts';
import { Lifetime } from '../../processes/lifetime.ts';
import { fill } from '../kafka.records.ts';
import { publishVouchers, read } from '../vouchers.ts';
import { addEarlierClaims } from './earlier-claims.ts';
import { rebuild } from './rebuild.ts';

const EARLIER = 1_000;
const quiet = (): void => undefined;

describe('earlier claims', () => {
  const lifetime = new Lifetime();
  let services: TestServices;
  let asker: { token: string; lifetime: Lifetime };
  beforeAll(async () => {
    services = await startServices({ only: ['config', 'ledger'] });
    asker = { lifetime, token: await services.signToken({ scope: 'vouchers:write vouchers:publish ledger:read' }) };
  }, 90_000);
  afterAll(async () => {
    await services?.stop();
    await lifetime.end();
  });

  it('look as if the ledger had decided them: it goes on, the pool equation holds, a rebuild finds no difference', async () => {
    const { namespace, urls } = services;
    const [voucherId] = (await publishVouchers(asker, urls.config, 1)) as [string];
    const claimed = async (): Promise<number> =>
      (await read<Counters>(asker, `${urls.ledger}/v1/vouchers/${voucherId}/counters`)).claimed;
    const claim = (claims: number, firstUser: number): Promise<void> =>
      fill(brokers().join(','), { namespace, voucherIds: [voucherId], claims, firstUser }, quiet);

    await claim(1, 0);
    await eventually('the first claim is counted', async () => (await claimed()) === 1);
    const url = new URL(databaseUrl());
    url.pathname = `/${databaseName(namespace, 'ledger')}`;
    const database = new pg.Client({ connectionString: url.href });
    await database.connect();
    await eventually('another voucher has a later event in the same partition', async () => {
      await publishVouchers(asker, urls.config, 10);
      const { rows } = await database.query(
        `SELECT FROM events e JOIN claims c USING (partition) WHERE c.voucher_id = $1 AND e.seq > c.claimed_seq`,
        [voucherId],
      );
      return rows.length > 0;
    });
    await services.kill('ledger', 'SIGTERM');
    await addEarlierClaims([database], voucherId, EARLIER, quiet);
    await database.end();

    await services.restart('ledger');
    await claim(5, 1);
    await eventually('later claims are counted, too', async () => (await claimed()) === 1 + EARLIER + 5);
    const proof = await read<Proof>(asker, `${urls.ledger}/v1/vouchers/${voucherId}/proof?full=true`);
    // The copies have hashes that nobody made from them. Everything else holds.
    expect(proof.held).toBe(1 + EARLIER + 5);
    expect(proof.checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(['chain']);
    const infrastructure = { databaseUrl: databaseUrl(), brokers: brokers().join(','), processIds: {} };
    const given = { databaseUrl: true, brokers: true };
    const rate = await rebuild({ lifetime, say: quiet, infrastructure: { ...infrastructure, given } }, namespace);
    expect(rate).toBeGreaterThan(0);
  }, 120_000);
});
