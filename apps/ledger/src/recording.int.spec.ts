// Tests the records that simulations need: the submissions that were judged, and refused pushes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Counters, CounterValues, Proof, Submission } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { TestPartition } from '../testing/partition.ts';
import { RunningLedger } from '../testing/running-ledger.ts';

const submissions = 'SELECT type, facts, submission FROM events WHERE submission_id IS NOT NULL ORDER BY seq';
const refusals = 'SELECT reason, count::int FROM refused_pushes ORDER BY reason';

describe('a partition', () => {
  let partition: TestPartition;
  let voucherId: string;

  beforeAll(async () => {
    partition = await new TestPartition().create('recording');
    const nodes = {
      enable: { when: 'true' },
      claim: { when: 'user.tier == "gold"', perUser: 2, record: ['city'] },
      use: { when: 'true', perClaim: 1, record: ['city'] },
      terminate: { when: 'false', claims: 'honour' as const },
    };
    voucherId = partition.define({ nodes, quantities: { push: 1, claim: 2, redeem: null } });
  });
  afterAll(() => partition.drop());

  it('stores fields of submissions that events lack, in a column that is never published', async () => {
    const owner = await partition.owner();
    const attributes = { tier: 'gold', city: 'Wien', shoe: 44 };
    const asked = { at: new Date(partition.now).toISOString(), asker: 'a', bodyHash: 'b', voucherId };
    const claim = { ...partition.claim(voucherId, 'alice'), attributes, strippedBy: 1 };
    const tin = { ...partition.claim(voucherId, 'bob'), attributes: { ...attributes, tier: 'tin' }, strippedBy: 7 };
    const { claimId, userId } = claim;
    const order = { id: 'o', amount: 5, currency: 'CNY' };
    const lock: Submission = {
      ...asked,
      kind: 'lock',
      submissionId: partition.id(),
      claimId,
      userId,
      orderId: 'o',
      ttlSeconds: 60,
    };
    const [id, redemptionId] = [partition.id(), partition.id()];
    const used: Submission = {
      ...asked,
      kind: 'redemption',
      submissionId: id,
      claimId,
      redemptionId,
      order,
      attributes,
    };
    partition.submit(claim, tin, lock, used);
    await partition.run(owner);
    const { rows } = await partition.database.pool.query(submissions);
    const facts = { 'user.tier': 'gold', 'user.city': 'Wien' };
    expect(rows).toEqual([
      { type: 'voucher.claimed.v1', facts, submission: {} },
      {
        type: 'voucher.claim-refused.v1',
        facts: { ...facts, 'user.tier': 'tin' },
        submission: { claimId: tin.claimId, strippedBy: 7 },
      },
      { type: 'voucher.locked.v1', facts: null, submission: { orderId: 'o', ttlSeconds: 60 } },
      { type: 'voucher.redeemed.v1', facts: { 'user.city': 'Wien' }, submission: { attributesGiven: true } },
    ]);
    expect(partition.published.map(({ data }) => String(data)).join()).not.toMatch(/ttlSeconds|strippedBy|Wien|shoe/);
    const defined = 'SELECT submission FROM events WHERE submission_id IS NULL AND submission IS NOT NULL';
    expect((await partition.database.pool.query(defined)).rows).toEqual([]);
  });

  it('counts refused pushes with the batch that read them, also after a crash, and without repeats', async () => {
    const from = partition.records.length;
    partition.submit(...['alice', 'alice', 'bob', 'carol', 'alice'].map((user) => partition.push(voucherId, user)));
    const failing = await partition.owner({
      at: (point) => {
        if (point === 'before-commit') throw new Error('the process ends');
      },
    });
    await expect(partition.run(failing, from)).rejects.toThrow('the process ends');
    expect((await partition.database.pool.query(refusals)).rows).toEqual([]);
    const owner = await partition.owner();
    await partition.run(owner, from);
    expect((await partition.database.pool.query(refusals)).rows).toEqual([
      { reason: 'push-quantity-reached', count: 2 },
    ]);
    const next = partition.records.length;
    partition.submit(partition.push(voucherId, 'dave'), partition.push(voucherId, 'alice'));
    await partition.run(owner, next);
    expect((await partition.database.pool.query(refusals)).rows).toEqual([
      { reason: 'push-quantity-reached', count: 3 },
    ]);
  });
});

describe('refused pushes over HTTP', () => {
  let ledger: RunningLedger;
  let voucherId: string;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
    const labels = { campaign: '26' };
    voucherId = await ledger.define({ quantities: { push: 1, claim: null, redeem: null }, labels });
    await ledger.submit(
      ledger.push(voucherId, 'alice'),
      ledger.push(voucherId, 'bob'),
      ledger.push(voucherId, 'carol'),
    );
    const claim = ledger.claim(voucherId, 'alice');
    await ledger.submit(claim);
    await ledger.decided(claim);
  }, 60_000);
  afterAll(() => ledger?.stop());

  const push = { 'push-quantity-reached': 2 };
  const read = async <T>(path: string): Promise<T> => (await ledger.get<T>(`/v1${path}`)).body;

  it('are in the present counters of one voucher and in sums', async () => {
    expect(await read(`/vouchers/${voucherId}/counters`)).toMatchObject({ pushed: 1, claimed: 1, refused: { push } });
    expect(await read(`/counters?label=campaign:26`)).toMatchObject({ vouchers: 1, refused: { push } });
    expect(await read(`/counters?voucherId=${voucherId}`)).toMatchObject({ items: [{ refused: { push } }] });
  });

  it('are not in the past, in proofs or in events', async () => {
    const now = new Date().toISOString();
    expect((await read<Counters>(`/vouchers/${voucherId}/counters?at=${now}`)).refused).toEqual({});
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 60_000).toISOString();
    const series = await read<{ items: CounterValues[] }>(
      `/vouchers/${voucherId}/counters/series?from=${from}&to=${to}&step=PT10M`,
    );
    expect(series.items.map(({ refused }) => refused)).toEqual(series.items.map(() => ({})));
    const proof = await read<Proof>(`/vouchers/${voucherId}/proof?full=true`);
    expect(proof).toMatchObject({ holds: true, projected: { pushed: 1, refused: {} } });
    expect(ledger.of(voucherId).map(({ type }) => type)).toEqual([
      'voucher.defined.v1',
      'voucher.enabled.v1',
      'voucher.pushed.v1',
      'voucher.claimed.v1',
    ]);
  });

  it('are sent to streams of counters, although they have no event', async () => {
    const { authorization } = ledger.authorization as { authorization: string };
    const url = new URL(`/v1/vouchers/${voucherId}/counters/stream`, await ledger.app.getUrl());
    const stop = new AbortController();
    const stream = await fetch(url, { headers: { authorization }, signal: stop.signal });
    const decoder = new TextDecoder();
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
    })().catch(() => undefined);
    await eventually('the counters of now', () => text.includes('"push-quantity-reached":2'));
    await ledger.submit(ledger.push(voucherId, 'dave'));
    await eventually('one refused push more', () => text.includes('"push-quantity-reached":3'));
    stop.abort();
    await reading;
  });
});
