import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CounterValues, Counters, EventRow, List, Proof, Submission } from '@vouchers/contracts';
import { RunningLedger } from '../testing/running-ledger.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1);
/** The longest possible label. */
const MOOD = '😀\n'.repeat(100);
const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();

describe('the past over HTTP', () => {
  let ledger: RunningLedger;
  let voucherId: string;
  let claims: ReturnType<RunningLedger['claim']>[];

  beforeAll(async () => {
    ledger = await new RunningLedger().start();
    const range = { from: at(0), to: at(1_000) };
    voucherId = await ledger.define({
      clock: 'submissions',
      labels: { campaign: '26', mood: MOOD },
      quantities: { push: null, claim: 3, redeem: null },
      windows: { timeZone: 'UTC', valid: range, claim: range, use: range },
    });
    claims = [1, 2, 3, 4].map((hour) => ledger.claim(voucherId, `user-${hour}`, { at: at(hour) }));
    await ledger.submit(...claims);
    await ledger.decided(...claims);
  }, 60_000);
  afterAll(() => ledger?.stop());

  it.each([
    [at(1), 1, 2],
    [at(2.5), 2, 1],
    [at(4), 3, 0],
  ])('shows the counters as of %s', async (time, claimed, free) => {
    const { body } = await ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters?at=${time}`);
    expect(body).toMatchObject({ voucherId, claimed, held: claimed, free });
    const proof = await ledger.get<Proof>(`/v1/vouchers/${voucherId}/proof?at=${time}&full=true`);
    expect(proof.body).toMatchObject({ holds: true, claimQuantity: 3, held: claimed, free, projected: { claimed } });
  });

  it('can be read from the year 1 to the year 9999', async () => {
    const of = (query: string) => ledger.get<Counters>(`/v1/vouchers/${voucherId}/counters${query}`);
    expect((await of('?at=0001-01-01T00:00:00Z')).status).toBe(404);
    expect((await of('?at=9999-12-31T23:59:59.999Z')).body).toMatchObject({ claimed: 3 });
    const ends = 'from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999Z&step=P9998Y';
    expect((await of(`/series?${ends}`)).body).toMatchObject({
      items: [{ at: '9999-01-01T00:00:00.000Z', claimed: 3 }],
    });
  });

  it('has series without the end of their range', async () => {
    const path = `/v1/vouchers/${voucherId}/counters/series?from=${at(1)}&to=${at(4)}&step=PT1H`;
    const { body } = await ledger.get<{ items: (CounterValues & { at: string })[] }>(path);
    expect(body.items.map((item) => [item.at, item.claimed])).toEqual([1, 2, 3].map((hour) => [at(hour), hour]));
  });

  it('has lists of events by filter, in both orders and in pages', async () => {
    const list = async (query: string) =>
      (await ledger.get<List<EventRow>>(`/v1/vouchers/${voucherId}/events?${query}`)).body;
    const all = await list('');
    expect((await list('order=desc')).items).toEqual(all.items.toReversed());
    const first = await list('limit=2');
    expect([...first.items, ...(await list(`after=${first.next}`)).items]).toEqual(all.items);
    expect((await list('reason=sold-out')).items.map(({ submissionId }) => submissionId)).toEqual([
      claims[3]!.submissionId,
    ]);
    expect((await list('userId=user-2')).items).toHaveLength(1);
    expect((await list(`type=voucher.claimed.v1&from=${at(2)}&to=${at(3)}`)).items).toHaveLength(1);
    const rows = (await ledger.get<List<EventRow>>(`/v1/events?partition=${ledger.partitionOf(voucherId)}`)).body.items;
    expect(rows.filter((row) => row.voucherId === voucherId)).toEqual(all.items);
  });

  it('has counters summed by label or listed by id', async () => {
    expect((await ledger.get('/v1/counters?label=campaign:26')).body).toMatchObject({
      vouchers: 1,
      claimed: 3,
      free: 0,
    });
    const mood = await ledger.get(`/v1/counters?label=mood:${encodeURIComponent(MOOD)}`);
    expect(mood.body).toMatchObject({ vouchers: 1, claimed: 3 });
    expect((await ledger.get('/v1/counters?label=campaign:27')).body).toMatchObject({ vouchers: 0, claimed: 0 });
    const { body } = await ledger.get<{ items: Counters[] }>(
      `/v1/counters?voucherId=${voucherId},${ledger.freshId(voucherId)}`,
    );
    expect(body.items.map((item) => item.voucherId)).toEqual([voucherId]);
  });

  it.each([
    ['/counters?at=yesterday', 400],
    ['/counters?when=now', 400],
    [`/counters?at=${at(-1)}`, 404],
    ['/counters/series?from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z', 400],
    ['/counters/series?from=2026-03-01T00:00:00Z&to=2027-03-01T00:00:00Z&step=PT1M', 400],
    ['/events?limit=201', 400],
    ['/events?type=voucher.unknown', 400],
    ['/proof?full=maybe', 400],
  ])('answers …%s with %i', async (path, status) => {
    expect((await ledger.get(`/v1/vouchers/${voucherId}${path}`)).status).toBe(status);
  });

  it.each([
    '/v1/vouchers/none/counters',
    '/v1/claims/none',
    '/v1/claims/none/history',
    '/v1/submissions/none/decision',
    '/v1/vouchers/none/counters/stream',
  ])('answers %s with 404', async (path) => {
    expect((await ledger.get(path)).status).toBe(404);
  });

  it('requires a token', async () => {
    const response = await fetch(new URL(`/v1/vouchers/${voucherId}/counters`, await ledger.app.getUrl()));
    expect(response.status).toBe(401);
  });

  it('has a stream of each change once, which continues after Last-Event-ID', async () => {
    const first = await following();
    const [shown] = await first.read(1);
    expect(shown).toMatchObject({ data: { claimed: 3 } });
    const release: Submission = ledger.about('release', claims[0]!, { userId: 'user-1', at: at(5) });
    await ledger.submit(release);
    const [, changed] = await first.read(2);
    expect(changed).toMatchObject({ data: { claimed: 3, released: 1, free: 1 } });
    await first.end();
    const second = await following(changed!.id);
    await ledger.submit(ledger.claim(voucherId, 'user-9', { at: at(6) }));
    expect((await second.read(1))[0]).toMatchObject({ data: { claimed: 4, released: 1 } });
    await second.end();
  });

  async function following(lastEventId?: string) {
    const abort = new AbortController();
    const url = new URL(`/v1/vouchers/${voucherId}/counters/stream`, await ledger.app.getUrl());
    const headers = { ...ledger.authorization, ...(lastEventId && { 'last-event-id': lastEventId }) };
    const response = await fetch(url, { headers, signal: abort.signal });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const messages = () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .filter((part) => part.includes('data: {'))
        .map((part) => ({
          id: /^id: (.*)$/m.exec(part)![1]!,
          data: JSON.parse(/^data: (.*)$/m.exec(part)![1]!) as Counters,
        }));
    return {
      read: async (count: number) => {
        while (messages().length < count) text += (await reader.read()).value ?? '';
        return messages();
      },
      end: async () => {
        await reader.cancel();
        abort.abort();
      },
    };
  }
});
