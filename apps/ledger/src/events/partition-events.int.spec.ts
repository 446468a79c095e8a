import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventRow } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../../testing/running-ledger.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1);
const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
const CLAIMS = 600;
/** The definition, its enabling, and the claims. */
const EVENTS = CLAIMS + 2;

interface Answer {
  items: EventRow[];
  next: string | null;
  partitions: number;
}

describe('the events of a partition', () => {
  let ledger: RunningLedger;
  let voucherId: string;
  let path: string;

  beforeAll(async () => {
    ledger = await new RunningLedger({ EVENT_SOURCE: '/ledger/eu' }).start();
    const range = { from: at(0), to: at(10_000) };
    voucherId = await ledger.define({
      clock: 'submissions',
      windows: { timeZone: 'UTC', valid: range, claim: range, use: range },
    });
    path = `/v1/events?partition=${ledger.partitionOf(voucherId)}`;
    const claims = Array.from({ length: CLAIMS }, (_, hour) =>
      ledger.claim(voucherId, `user-${hour}`, { at: at(hour) }),
    );
    await ledger.submit(...claims);
    await ledger.decided(...claims);
  }, 60_000);
  afterAll(() => ledger?.stop());

  const list = async (query: string): Promise<Answer> => (await ledger.get<Answer>(`${path}&${query}`)).body;
  const all = async (query: string): Promise<EventRow[]> => {
    const items: EventRow[] = [];
    for (let next: string | null = '0'; next !== null;) {
      const page: Answer = await list(`${query}&after=${next}`);
      items.push(...page.items);
      next = page.next;
    }
    return items;
  };

  it('are the rows of other lists, and name the number of partitions', async () => {
    const { items, next, partitions } = await list('limit=3');
    const { body } = await ledger.get<Answer>(`/v1/vouchers/${voucherId}/events?limit=3`);
    expect(items).toEqual(body.items);
    expect([next, partitions]).toEqual(['3', ledger.settings.partitions]);
  });

  it('are read in large pages without a hole', async () => {
    const { items, next } = await list('limit=5000');
    expect(next).toBeNull();
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: EVENTS }, (_, index) => index + 1));
    const few = await list('limit=501');
    expect([few.items.length, few.next]).toEqual([501, '501']);
    expect(await all('limit=250')).toEqual(items);
  });

  it.each([
    ['type', 'type=voucher.defined.v1', 1],
    ['time', `from=${at(10)}&to=${at(20)}`, 10],
    ['type and time', `type=voucher.claimed.v1&from=${at(590)}`, 10],
    ['a time after all', `from=${at(20_000)}`, 0],
  ])('are found by %s', async (_, query, count) => {
    expect(await all(query)).toHaveLength(count);
    expect(await all(`${query}&limit=3`)).toHaveLength(count);
  });

  it('are looked for only from their time on', async () => {
    const { decidedAt } = (await list('limit=1')).items[0]!;
    const later = new Date(Date.parse(decidedAt) + 3 * HOUR).toISOString();
    await ledger.pool.query('UPDATE events SET decided_at = $1, at = $1 WHERE seq > 400', [later]);
    expect((await all(`from=${later}`)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: EVENTS - 400 }, (_, index) => 401 + index),
    );
  });

  it('are lines for whoever accepts them, with the next page in a header', async () => {
    const url = new URL(`${path}&limit=2&type=voucher.claimed.v1`, await ledger.app.getUrl());
    const headers = { ...ledger.authorization, accept: 'application/x-ndjson' };
    const answer = await fetch(url, { headers });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('event-partitions')).toBe(String(ledger.settings.partitions));
    const lines = (await answer.text()).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as EventRow)).toEqual(
      (await list('limit=2&type=voucher.claimed.v1')).items,
    );
    const [, next] = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
    const following = await fetch(new URL(next!, url), { headers });
    expect((JSON.parse((await following.text()).split('\n')[0]!) as EventRow).seq).toBe(5);
  });

  it('identify themselves where only the value is kept, on Kafka, too', async () => {
    const { items } = await list('limit=200');
    await eventually('all are published', () => ledger.outcomes.length > CLAIMS);
    for (const { seq, type, partition, data } of items) {
      const published = ledger.outcomes.find((one) => one.seq === seq && one.partition === partition)!;
      expect(data).toMatchObject({ voucherId, type, partition, sequence: seq });
      expect(JSON.parse(published.bytes)).toEqual(data);
      expect(published.source).toBe('/ledger/eu');
    }
  });
});
