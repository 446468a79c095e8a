import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../../testing/running-ledger.ts';

describe('a partition that is assigned while Postgres refuses', () => {
  let ledger: RunningLedger;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
  }, 60_000);
  afterAll(() => ledger?.stop());

  it('publishes its decisions when Postgres is back', async () => {
    const voucherId = await ledger.define();
    const before = ledger.claim(voucherId, 'alice');
    await ledger.submit(before);
    await ledger.decided(before);
    await ledger.app.close();
    await ledger.pool.query('ALTER TABLE relay RENAME COLUMN next_seq TO seq_away');
    const after = ledger.claim(voucherId, 'bob');
    await ledger.startService();
    await ledger.submit(after);
    await eventually('the relay could not start', async () => {
      const { body } = await ledger.get<{ checks: Record<string, string> }>('/health/ready');
      return body.checks['kafka'] === 'ok' && body.checks['submissions'] !== 'submissions are not being read';
    });
    await ledger.pool.query('ALTER TABLE relay RENAME COLUMN seq_away TO next_seq');
    const [verdict] = await ledger.decided(after);
    expect(verdict!.type).toBe('voucher.claimed.v1');
    expect(await ledger.get('/health/ready')).toMatchObject({ status: 200, body: { checks: { publishing: 'ok' } } });
  });
});
