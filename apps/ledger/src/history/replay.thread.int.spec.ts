// Tests the replay thread over HTTP: deciding goes on beside it, a replay ends when its caller goes, and the thread may
// die.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Counters, Problem, Proof } from '@vouchers/contracts';
import { metrics } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { threadId, type Worker } from 'node:worker_threads';
import { RunningLedger } from '../../testing/running-ledger.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { MOST_WAITING } from './replay.thread.ts';

/** The refused claims of one voucher. Replaying them takes some seconds. */
const PAST = 20_000;

describe('the replay thread', () => {
  let ledger: RunningLedger;
  let past: string;
  let replays: {
    thread: { worker?: Worker; asked: Map<number, unknown> };
    turns: { waiting: Set<unknown>; running: number };
  };

  beforeAll(async () => {
    ledger = await new RunningLedger({ COSTLY_AT_ONCE: '0', REPLAYS_AT_ONCE: '1' }).start();
    past = await ledger.define({ quantities: { push: null, claim: 1, redeem: null } });
    const [granted, refused] = [ledger.claim(past, 'first'), ledger.claim(past, 'second')];
    await ledger.submit(granted, refused);
    await ledger.decided(granted, refused);
    await refuseAgain(ledger, past, PAST);
    // The owner first adds the hashes of the copies.
    const third = ledger.claim(past, 'third');
    await ledger.submit(third);
    await eventually('it decides again', () => ledger.verdict(third.submissionId), { timeoutMs: 60_000 });
    replays = ledger.app.get(LedgerConnections).replays as unknown as typeof replays;
  }, 120_000);
  afterAll(() => ledger?.stop());

  const path = (rest: string): string => `/v1/vouchers/${past}${rest}`;
  const replayed = async (): Promise<number> =>
    (await metrics.getSingleMetric('ledger_replayed_events_total')!.get()).values[0]!.value;
  const pauses = async (): Promise<number> =>
    (await metrics.getSingleMetric('work_pauses_total')!.get()).values[0]!.value;

  it('does not stop the deciding thread', async () => {
    const voucherId = await ledger.define({ quantities: { push: null, claim: null, redeem: null } });
    const [rows, gaveWay] = [await replayed(), await pauses()];
    let answer: { status: number; body: Proof } | undefined;
    const asked = ledger.get<Proof>(path('/proof?full=true')).then((proof) => (answer = proof));
    let decided = 0;
    for (; answer === undefined; decided += 1) {
      const claim = ledger.claim(voucherId, `user-${decided}`);
      await ledger.submit(claim);
      await eventually('it is decided, or the proof is there', () => answer ?? ledger.verdict(claim.submissionId));
    }
    expect((await asked).body).toMatchObject({
      holds: true,
      held: 1,
      projected: { refused: { claim: { 'sold-out': PAST + 2 } } },
    });
    expect(decided).toBeGreaterThan(1);
    expect((await replayed()) - rows).toBe(PAST + 5);
    expect(await pauses()).toBe(gaveWay);
    expect(replays.thread.worker!.threadId).not.toBe(threadId);
  }, 120_000);

  it('ends a replay when its caller goes', async () => {
    const before = await replayed();
    const abort = new AbortController();
    const url = new URL(path('/proof?full=true'), await ledger.app.getUrl());
    const left = fetch(url, { headers: ledger.authorization, signal: abort.signal });
    await eventually('it is at it', () => replays.thread.asked.size === 1);
    abort.abort();
    await expect(left).rejects.toThrow('abort');
    await eventually('it is idle', () => replays.turns.running === 0);
    expect((await replayed()) - before).toBeLessThan(PAST);
    const { body } = await ledger.get<Counters>(path(`/counters?at=${new Date(0).toISOString()}`));
    expect(body).toMatchObject({ status: 404 });
  });

  it('runs waiting replays in order and drops those whose caller has gone', async () => {
    const full = ledger.get<Proof>(path('/proof?full=true'));
    await eventually('it is at it', () => replays.thread.asked.size === 1);
    const abort = new AbortController();
    const url = new URL(path('/proof'), await ledger.app.getUrl());
    const left = fetch(url, { headers: ledger.authorization, signal: abort.signal });
    abort.abort();
    await expect(left).rejects.toThrow('abort');
    const next = ledger.get<Proof>(path('/proof'));
    expect((await full).body.holds).toBe(true);
    expect((await next).body.holds).toBe(true);
  });

  it('limits the waiting replays: more are answered 429 with Retry-After', async () => {
    const full = ledger.get<Proof>(path('/proof?full=true'));
    await eventually('it is at it', () => replays.thread.asked.size === 1);
    const abort = new AbortController();
    const url = new URL(path('/proof'), await ledger.app.getUrl());
    const ask = () => fetch(url, { headers: ledger.authorization, signal: abort.signal });
    const waiting = Array.from({ length: MOST_WAITING }, ask);
    await eventually('all places are taken', () => replays.turns.waiting.size === MOST_WAITING);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    abort.abort();
    const left = await Promise.allSettled(waiting);
    expect(left.every(({ status }) => status === 'rejected')).toBe(true);
    await eventually('nobody waits', () => replays.turns.waiting.size === 0);
    expect((await full).body.holds).toBe(true);
  });

  it('answers its replays with 503 if it dies, and another one begins', async () => {
    const asked = ledger.get<Problem>(path('/proof?full=true'));
    await eventually('it is at it', () => replays.thread.asked.size === 1);
    await replays.thread.worker!.terminate();
    expect(await asked).toMatchObject({ status: 503, body: { detail: expect.stringContaining('begins anew') } });
    const again = await eventually('another one answers', async () => {
      const { status, body } = await ledger.get<Counters>(path(`/counters?at=${new Date().toISOString()}`));
      return status === 200 ? body : undefined;
    });
    expect(again).toMatchObject({ held: 1, free: 0 });
    expect((await ledger.get('/health/ready')).status).toBe(200);
  });
});

/** Copies the voucher's last event many times, as if that many claims had been refused. */
async function refuseAgain(ledger: RunningLedger, voucherId: string, times: number): Promise<void> {
  const partition = ledger.partitionOf(voucherId);
  await ledger.app.close();
  await ledger.pool.query(
    `INSERT INTO events (partition, seq, type, voucher_id, voucher_version, submission_id, user_id, reason, at,
       occurred_at, decided_at, data)
     SELECT e.partition, c.next_seq - 1 + n, e.type, e.voucher_id, e.voucher_version, gen_random_uuid(), e.user_id,
       e.reason, e.at, e.occurred_at, e.decided_at, e.data
     FROM cursor c JOIN events e ON e.partition = c.partition AND e.seq = c.next_seq - 1, generate_series(1, $2) n
     WHERE c.partition = $1`,
    [partition, times],
  );
  await ledger.pool.query(
    `UPDATE vouchers v SET head_seq = head_seq + $3,
       last_verdict = (SELECT e.submission_id FROM events e WHERE e.partition = $1 AND e.seq = v.head_seq + $3),
       counters = jsonb_set(counters, '{refused,claim,sold-out}', to_jsonb($3::int + 1))
     WHERE partition = $1 AND voucher_id = $2`,
    [partition, voucherId, times],
  );
  await ledger.pool.query('UPDATE cursor SET next_seq = next_seq + $2 WHERE partition = $1', [partition, times]);
  await ledger.pool.query('UPDATE relay SET next_seq = next_seq + $2 WHERE partition = $1', [partition, times]);
  await ledger.startService();
}
