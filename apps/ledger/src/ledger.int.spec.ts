import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DEFINITION_TYPE,
  SUBMISSION_TYPES,
  uuidv7,
  type Counters,
  type EventRow,
  type List,
  type Proof,
} from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { randomUUID } from 'node:crypto';
import { definitionOf, RunningLedger } from '../testing/running-ledger.ts';

const limited = (claim: number) => ({ quantities: { push: null, claim, redeem: null } });
const users = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);

describe('the ledger', () => {
  let ledger: RunningLedger;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
  }, 60_000);
  afterAll(() => ledger?.stop());

  it('decides claims from Kafka in order and publishes all events without a gap', async () => {
    const voucherId = await ledger.define(limited(50));
    const claims = users(500).map((user) => ledger.claim(voucherId, user));
    await ledger.submit(...claims);
    const verdicts = await ledger.decided(...claims);
    expect(verdicts.map(({ type }) => type)).toEqual(
      claims.map((_, index) => (index < 50 ? 'voucher.claimed.v1' : 'voucher.claim-refused.v1')),
    );
    expect(verdicts[50]!.data).toMatchObject({ reason: 'sold-out' });
    const partition = ledger.partitionOf(voucherId);
    const seqs = ledger.outcomes.filter((outcome) => outcome.partition === partition).map(({ seq }) => seq);
    expect([...new Set(seqs)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: Math.max(...seqs) }, (_, i) => i + 1),
    );

    const { body } = await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`);
    expect(body).toMatchObject({ claimed: 50, held: 50, free: 0, refused: { claim: { 'sold-out': 450 } } });
    const proof = await ledger.get<Proof>(`/v1/vouchers/${voucherId}/proof?full=true`);
    expect(proof.body).toMatchObject({ holds: true, claimQuantity: 50, held: 50, free: 0 });
  });

  it('decides a repeated submission once and publishes the verdict again for waiting requests', async () => {
    const voucherId = await ledger.define();
    const first = ledger.claim(voucherId, 'alice');
    const others = users(20).map((user) => ledger.claim(voucherId, user));
    await ledger.submit(first, ...others, first);
    await ledger.decided(first, ...others);
    const otherBody = { ...first, claimId: ledger.freshId(voucherId), bodyHash: 'another' };
    await ledger.submit(first, otherBody);
    const again = await eventually('it is published again', () => {
      const all = ledger.outcomes.filter(({ submissionId }) => submissionId === first.submissionId);
      return all.length >= 2 ? all : undefined;
    });
    expect(new Set(again.map(({ bytes, seq }) => `${seq} ${bytes}`)).size).toBe(1);
    const { body } = await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`);
    expect(body.claimed).toBe(21);
  });

  it.each(['wall', 'submissions'] as const)(
    'revokes the claims of a termination at once, in slices, with the clock: %s',
    async (clock) => {
      const { nodes } = definitionOf('', {}, 1).spec;
      const spec = { clock, nodes: { ...nodes, terminate: { when: 'false', claims: 'revoke' as const } } };
      const voucherId = await ledger.define(spec);
      const claims = users(1_100).map((user) => ledger.claim(voucherId, user));
      await ledger.submit(...claims);
      await ledger.decided(...claims);
      const terminated = { ...definitionOf(voucherId, spec, 2), intent: 'terminated' };
      const record = ledger.record(voucherId, DEFINITION_TYPE, terminated);
      await ledger.producer.send([record, record]);
      await eventually('each claim is revoked', () => ledger.of(voucherId).length >= 2_202);
      const { body } = await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`);
      expect(body).toMatchObject({ claimed: 1_100, held: 0, revoked: 1_100 });
      expect(ledger.of(voucherId).filter(({ type }) => type === 'voucher.defined.v1')).toHaveLength(2);
    },
  );

  it('passes on the trace of a submission', async () => {
    const voucherId = await ledger.define();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const [traced, other] = [ledger.claim(voucherId, 'alice'), ledger.claim(voucherId, 'bob')];
    const record = ledger.submission(traced);
    await ledger.producer.send([{ ...record, headers: { ...record.headers, traceparent } }]);
    await ledger.submit(other);
    const verdicts = await ledger.decided(traced, other);
    expect(verdicts.map((verdict) => verdict.traceparent)).toEqual([traceparent, undefined]);
  });

  it('pushes to a user once and ignores repeats without an event', async () => {
    const voucherId = await ledger.define();
    const pushes = users(30).map((user) => ledger.push(voucherId, user));
    const last = ledger.claim(voucherId, 'last');
    await ledger.submit(...pushes, ...pushes);
    await ledger.submit(...users(30).map((user) => ledger.push(voucherId, user)), last);
    await ledger.decided(last);
    const { body } = await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`);
    expect(body).toMatchObject({ pushed: 30, claimed: 1 });
    expect(ledger.of(voucherId).filter(({ type }) => type === 'voucher.pushed.v1')).toHaveLength(30);
  });

  it('decides redemptions and rollbacks and has their traces', async () => {
    const voucherId = await ledger.define({ ...limited(5) });
    const claim = ledger.claim(voucherId, 'alice');
    const redemptionId = ledger.freshId(voucherId);
    const order = { id: 'o-1', amount: 100, currency: 'CNY', items: [] };
    const redemption = ledger.about('redemption', claim, { redemptionId, order });
    const rollback = ledger.about('rollback', claim, { redemptionId, reason: 'returned' });
    await ledger.submit(claim, redemption);
    await ledger.decided(claim, redemption);
    expect((await ledger.get(`/v1/claims/${claim.claimId}`)).body).toMatchObject({
      claim: { state: 'redeemed', uses: 1 },
    });
    await ledger.submit(rollback);
    await ledger.decided(rollback);
    expect((await ledger.get(`/v1/redemptions/${redemptionId}`)).body).toMatchObject({
      redemption: { id: redemptionId, claimId: claim.claimId, order, rolledBackAt: expect.any(String) },
    });
    const history = await ledger.get<List<EventRow>>(`/v1/claims/${claim.claimId}/history`);
    expect(history.body.items.map(({ type }) => type)).toEqual([
      'voucher.claimed.v1',
      'voucher.redeemed.v1',
      'voucher.redemption-rolled-back.v1',
    ]);
    const decision = await ledger.get(`/v1/submissions/${redemption.submissionId}/decision`);
    expect(decision.body).toMatchObject({
      kind: 'redemption',
      verdict: 'granted',
      redemptionId,
      claim: { state: 'held' },
      asker: 'asker',
      bodyHash: 'hash',
    });
    expect(decision.body['lastSeq']).toBeGreaterThanOrEqual(decision.body['seq'] as number);
  });

  it('quarantines unreadable records, refuses those with a submission id, and goes on', async () => {
    const voucherId = await ledger.define();
    const [waiting, nothing] = [randomUUID(), randomUUID()];
    const behind = ledger.claim(voucherId, 'behind');
    const before = ledger.quarantined.length;
    const bad = (value: string | null, type: string, id?: string) => ({
      ...ledger.record(voucherId, type, value ?? '', id),
      value,
    });
    await ledger.producer.send([
      bad('{ not json', SUBMISSION_TYPES.claim, waiting),
      bad(null, SUBMISSION_TYPES.claim),
      bad('{}', 'voucher.unknown.v1', nothing),
      { ...bad('', SUBMISSION_TYPES.claim), value: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
      bad(JSON.stringify({ ...ledger.claim(voucherId, 'nul\u0000'), __proto__: {} }), SUBMISSION_TYPES.claim),
      ledger.submission(ledger.claim(uuidv7(Date.now(), 0, 6, 6), 'never-defined')),
      ledger.submission(behind),
    ]);
    await ledger.decided(behind);
    expect(ledger.verdict(behind.submissionId)!.type).toBe('voucher.claimed.v1');
    const refused = ledger.verdict(waiting)!;
    expect(refused).toMatchObject({ type: 'voucher.claim-refused.v1', data: { reason: 'unreadable' } });
    await eventually('all are quarantined', () => ledger.quarantined.length >= before + 6, { timeoutMs: 20_000 });
  });

  it('finds the one record that Postgres refuses and decides all others', async () => {
    const voucherId = await ledger.define();
    const claims = users(40).map((user) => ledger.claim(voucherId, user));
    const first = ledger.claim(voucherId, 'first');
    await ledger.submit(first);
    await ledger.decided(first);
    await ledger.app.close();
    await ledger.startService();
    // A claim id is used twice. Memory has forgotten it, but the primary key rejects it.
    const poison = { ...ledger.claim(voucherId, 'poison'), claimId: first.claimId };
    await ledger.submit(...claims.slice(0, 20), poison, ...claims.slice(20));
    const verdicts = await ledger.decided(...claims, poison);
    expect(verdicts.slice(0, 40).every(({ type }) => type === 'voucher.claimed.v1')).toBe(true);
    expect(verdicts[40]).toMatchObject({ type: 'voucher.claim-refused.v1', data: { reason: 'unreadable' } });
  });

  it('refuses the id of another claim', async () => {
    const voucherId = await ledger.define();
    const first = ledger.claim(voucherId, 'first');
    const second = ledger.claim(voucherId, 'second', { claimId: first.claimId });
    await ledger.submit(first, second);
    const [, refused] = await ledger.decided(first, second);
    expect(refused).toMatchObject({ type: 'voucher.claim-refused.v1', data: { reason: 'unreadable' } });
  });

  it('decides due claims by a tick, without a submission', async () => {
    const voucherId = await ledger.define();
    const claim = ledger.claim(voucherId, 'alice');
    const lock = ledger.about('lock', claim, { userId: 'alice', orderId: 'o-1', ttlSeconds: 1 });
    await ledger.submit(claim, lock);
    await ledger.decided(claim, lock);
    const unlocked = await eventually(
      'the lock runs out',
      () => ledger.of(voucherId).find(({ type }) => type === 'voucher.unlocked.v1'),
      { timeoutMs: 15_000 },
    );
    expect(unlocked.submissionId).toBeUndefined();
    expect(Date.parse(unlocked.data.at)).toBe(Date.parse(lock.at) + 1_000);
  });

  it('has the same state after a restart', async () => {
    const voucherId = await ledger.define({ ...limited(10) });
    const [alice, bob] = [ledger.claim(voucherId, 'alice'), ledger.claim(voucherId, 'bob')];
    await ledger.submit(ledger.push(voucherId, 'alice'), alice, bob);
    await ledger.decided(alice, bob);
    const before = (await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`)).body;
    await ledger.app.close();
    await ledger.startService();
    const second = ledger.claim(voucherId, 'alice');
    const release = ledger.about('release', bob, { userId: 'bob' });
    await ledger.submit(ledger.push(voucherId, 'alice'), alice, second, release);
    const [refused] = await ledger.decided(second, release);
    expect(refused!.data.reason).toBe('per-user-limit');
    const after = (await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters`)).body;
    expect(after).toMatchObject({ pushed: before.pushed, claimed: 2, held: 1, released: 1, free: 9 });
    const proof = await ledger.get<Proof>(`/v1/vouchers/${voucherId}/proof`);
    expect(proof.body.holds).toBe(true);
  }, 60_000);

  it('is not ready if its tables belong to another topic, and gives that reason', async () => {
    type Ready = { checks: Record<string, string> };
    await eventually('it is ready', async () => (await ledger.get<Ready>('/health/ready')).status === 200);
    await ledger.app.close();
    await ledger.pool.query("UPDATE cursor SET topic_id = 'another'");
    await ledger.startService();
    const { checks } = await eventually(
      'it gives the reason',
      async () => {
        const { status, body } = await ledger.get<Ready>('/health/ready');
        return status === 503 && body.checks['submissions']?.includes('halted') ? body : undefined;
      },
      { timeoutMs: 20_000 },
    );
    expect(checks).toMatchObject({
      postgres: 'ok',
      kafka: 'ok',
      submissions: expect.stringContaining('topic another'),
    });
  }, 60_000);
});
