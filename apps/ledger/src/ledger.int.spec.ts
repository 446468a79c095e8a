import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../testing/running-ledger.ts';

describe('the ledger', () => {
  let ledger: RunningLedger;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
  });
  afterAll(() => ledger?.stop());

  it('decides claims from Kafka, writes them and publishes what became of them', async () => {
    const voucherId = await ledger.define({ quantities: { push: null, claim: 50, redeem: null } });
    const claims = Array.from({ length: 500 }, (_, index) => ledger.claim(voucherId, `user-${index}`));
    await ledger.submit(...claims);
    await eventually('all are decided', () => claims.every(({ submissionId }) => ledger.verdict(submissionId)));
    const types = claims.map(({ submissionId }) => ledger.verdict(submissionId)!.type);
    expect(types.filter((type) => type === 'voucher.claimed.v1')).toHaveLength(50);
    expect(types.slice(0, 50).every((type) => type === 'voucher.claimed.v1')).toBe(true);
    expect(ledger.verdict(claims[50]!.submissionId)!.data).toMatchObject({ reason: 'sold-out' });
  });
});
