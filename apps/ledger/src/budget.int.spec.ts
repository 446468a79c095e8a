// Reading the past costs as much as the caller asks for. The cost is counted and limited, and other work goes on.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CounterValues, EventRow, List, Problem, Proof } from '@vouchers/contracts';
import type { Budget } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../testing/running-ledger.ts';
import { Replaying } from './history/replays.ts';
import { LedgerConnections } from './ledger.connections.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1);
const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
const CLAIMS = 90;
/** The cost of 60 rows. The voucher has more events. */
const LITTLE = '6000';

const ledger = new RunningLedger({ COST_LIMIT: LITTLE, STREAMS_PER_CALLER: '2', COSTLY_AT_ONCE: '1' });
let voucherId: string;
beforeAll(async () => {
  await ledger.start();
  const range = { from: at(0), to: at(10_000) };
  voucherId = await ledger.define({
    clock: 'submissions',
    quantities: { push: null, claim: 50, redeem: null },
    windows: { timeZone: 'UTC', valid: range, claim: range, use: range },
  });
  const claims = Array.from({ length: CLAIMS }, (_, index) =>
    ledger.claim(voucherId, `user-${index + 1}`, { at: at(index + 1) }),
  );
  await ledger.submit(...claims);
  await ledger.decided(...claims);
}, 60_000);
afterAll(() => ledger.stop());

const path = (rest: string): string => `/v1/vouchers/${voucherId}${rest}`;
type Series = { items: (CounterValues & { at: string })[] };

describe('a request that costs too much', () => {
  it.each([
    ['a series', `/counters/series?from=${at(0)}&to=${at(200)}&step=PT1H`, /fewer steps/],
    ['a past moment', `/counters?at=${at(80)}`, /another moment/],
    ['a proof', '/proof', /another moment/],
    ['a proof from the first event', '/proof?full=true', /without full/],
  ])('for %s is answered 422 too-costly, with advice', async (_, rest, advice) => {
    const { status, body } = await ledger.get<Problem>(path(rest));
    expect([status, body.reason]).toEqual([422, 'too-costly']);
    expect(body.detail).toMatch(/COST_LIMIT/);
    expect(body.detail).toMatch(advice);
  });

  it('is answered in part, if the caller can continue', async () => {
    const pages: number[][] = [];
    let next: string | null = '';
    for (; next !== null;) {
      const query: string = `type=voucher.claim-refused.v1&order=desc${next && `&after=${next}`}`;
      const { status, body }: { status: number; body: List<EventRow> } = await ledger.get(path(`/events?${query}`));
      expect(status).toBe(200);
      pages.push(body.items.map(({ occurredAt }) => (Date.parse(occurredAt) - START) / HOUR));
      next = body.next;
    }
    expect(pages.flat()).toEqual(Array.from({ length: 40 }, (_, index) => CLAIMS - index));
    expect(pages.length).toBeGreaterThan(1);
  });

  it.each(['asc', 'desc'])('continues after the page, %s', async (order) => {
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const query: string = `userId=user-70&order=${order}&limit=1${next && `&after=${next}`}`;
      const { body }: { body: List<EventRow> } = await ledger.get(path(`/events?${query}`));
      seen.push(...body.items.map((row) => row.data.userId!));
      next = body.next;
    }
    expect(seen).toEqual(['user-70']);
  });
});

describe('a request within the limit', () => {
  it('asks for an early moment, or for events of a short time', async () => {
    expect((await ledger.get(path(`/counters?at=${at(20)}`))).body).toMatchObject({ claimed: 20 });
    const { body } = await ledger.get<List<EventRow>>(path(`/events?from=${at(70)}&to=${at(72)}&reason=sold-out`));
    expect([body.items.map(({ occurredAt }) => occurredAt), body.next]).toEqual([[at(70), at(71)], null]);
  });

  it('asks for a series, a proof or a moment after a checkpoint', async () => {
    const { status } = await ledger.get(path(`/proof?at=${at(CLAIMS)}`));
    expect(status).toBe(422);
    const { body: early } = await ledger.get<{ asOf: { seq: number; partition: number } }>(
      path(`/counters?at=${at(45)}`),
    );
    await checkpointAt(early.asOf);
    expect((await ledger.get<Proof>(path('/proof'))).body).toMatchObject({ holds: true, held: 50, free: 0 });
    const { body } = await ledger.get<Series>(path(`/counters/series?from=${at(46)}&to=${at(100)}&step=PT1H`));
    expect(body.items.map(({ claimed }) => claimed)).toEqual(
      Array.from({ length: 54 }, (_, index) => Math.min(46 + index, 50)),
    );
    expect(body.items.at(-1)!.refused).toEqual({ claim: { 'sold-out': 40 } });
  });

  /** Stores the replayed state as a checkpoint, as the ledger does after some thousand events. */
  async function checkpointAt({ partition, seq }: { partition: number; seq: number }): Promise<void> {
    const connections = ledger.app.get(LedgerConnections);
    const budget = { spend: () => undefined, pause: () => undefined } as unknown as Budget;
    const state = await new Replaying(connections.historyPool, { partition, voucherId }, budget).stateAt(seq, true);
    await ledger.pool.query('INSERT INTO checkpoints (partition, voucher_id, seq, state) VALUES ($1, $2, $3, $4)', [
      partition,
      voucherId,
      seq,
      JSON.stringify(state),
    ]);
  }
});

describe('costly calls of one caller', () => {
  it('are limited at once: more are answered 429 with Retry-After', async () => {
    const url = new URL(path(`/counters/series?from=${at(0)}&to=${at(900)}&step=PT1H`), await ledger.app.getUrl());
    const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(url, { headers: ledger.authorization })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(6);
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    expect(((await refused[0]!.json()) as Problem).detail).toMatch(/COSTLY_AT_ONCE/);
    expect((await fetch(url, { headers: ledger.authorization })).status).not.toBe(429);
  });
});

describe('streams', () => {
  const follow = async (abort: AbortController, token?: string): Promise<Response> => {
    const url = new URL(path('/counters/stream'), await ledger.app.getUrl());
    const headers = token ? { authorization: `Bearer ${token}` } : ledger.authorization;
    return fetch(url, { headers, signal: abort.signal });
  };

  it('are limited per caller, and closed streams do not count', async () => {
    const aborts = [1, 2, 3].map(() => new AbortController());
    const [first, second] = [await follow(aborts[0]!), await follow(aborts[1]!)];
    expect([first.status, second.status]).toEqual([200, 200]);
    const third = await follow(aborts[2]!);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '5']);
    expect(((await third.json()) as Problem).detail).toMatch(/STREAMS_PER_CALLER/);
    aborts[0]!.abort();
    const last = await eventually('one may be followed again', async () => {
      const again = await follow(aborts[2]!);
      if (again.status === 200) return again;
      await again.body?.cancel();
      return undefined;
    });
    expect(last.status).toBe(200);
    for (const abort of aborts) abort.abort();
  });

  it('end when their token expires', async () => {
    const token = await ledger.signToken({ sub: 'short', scope: 'ledger:read', lifetimeSeconds: 1 });
    const stream = await follow(new AbortController(), token);
    expect(stream.status).toBe(200);
    expect(await stream.text()).toMatch(/"claimed":50/);
  });
});
