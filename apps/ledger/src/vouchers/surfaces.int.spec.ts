// The ledger answers what staff look up: lists of vouchers, a user's activity, and events as CSV.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SPEC_DEFAULTS, type EventRow, type List, type VoucherSpec } from '@vouchers/contracts';
import { RunningLedger } from '../../testing/running-ledger.ts';

interface Listed {
  voucherId: string;
  name: string;
  state: string;
  free: number | null;
  attention: string[];
}

const HOUR_MS = 3_600_000;
const at = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();
const windowsOf = (from: number, to: number): Pick<VoucherSpec, 'windows'> => {
  const range = { from: at(from), to: at(to) };
  return { windows: { timeZone: 'UTC', valid: range, claim: range, use: range } };
};
const quantity = (claim: number): Pick<VoucherSpec, 'quantities'> => ({
  quantities: { push: null, claim, redeem: null },
});
const GOLD: Pick<VoucherSpec, 'nodes'> = {
  nodes: { ...(SPEC_DEFAULTS as unknown as VoucherSpec).nodes, claim: { when: 'user.tier == "gold"', perUser: 1 } },
};

const YEAR = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };

let ledger: RunningLedger;
const ids: Record<string, string> = {};
beforeAll(async () => {
  ledger = await new RunningLedger().start();
  const define = async (name: string, spec: Partial<VoucherSpec>): Promise<void> => {
    ids[name] = await ledger.define({ name, ...spec });
  };
  await define('open', { labels: { campaign: '26' } });
  await define('sold out', { ...quantity(1), resourceType: 'gift' });
  await define('low', quantity(20));
  await define('ends', windowsOf(-24, 24));
  await define('later', windowsOf(48, 96));
  await define('refusing', GOLD);
  const claims = [
    ledger.claim(ids['sold out']!, 'ann'),
    ledger.claim(ids['sold out']!, 'bob'),
    ledger.claim(ids['open']!, 'ann'),
    ledger.claim(ids['refusing']!, 'ann'),
    ...Array.from({ length: 19 }, (_, index) => ledger.claim(ids['low']!, `u-${index}`)),
    ...Array.from({ length: 12 }, (_, index) => ledger.claim(ids['refusing']!, `u-${index}`)),
  ];
  await ledger.submit(ledger.push(ids['open']!, 'ann'), ...claims);
  await ledger.decided(...claims);
}, 60_000);
afterAll(() => ledger?.stop());

const namesOf = async (query: string): Promise<string[]> => {
  const { status, body } = await ledger.get<List<Listed>>(`/v1/vouchers?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body.items.map(({ name }) => name);
};

describe('the list of vouchers', () => {
  it.each<[string, string[]]>([
    ['', ['refusing', 'later', 'ends', 'low', 'sold out', 'open']],
    ['attention=any', ['refusing', 'ends', 'low', 'sold out']],
    ['attention=sold-out', ['sold out']],
    ['attention=low-stock', ['low']],
    ['attention=ends-soon', ['ends']],
    ['attention=refusals', ['refusing']],
    ['soldOut=true', ['sold out']],
    ['soldOut=false&type=gift', []],
    ['type=gift', ['sold out']],
    ['time=upcoming', ['later']],
    ['time=over', []],
    ['team=default&label=campaign:26', ['open']],
    ['team=other', []],
    ['sort=name', ['ends', 'later', 'low', 'open', 'refusing', 'sold out']],
    ['sort=claimed&limit=1', ['low']],
    ['sort=free&limit=2', ['sold out', 'low']],
    ['sort=refused&limit=2', ['refusing', 'sold out']],
    ['sort=ends&limit=2', ['ends', 'later']],
    ['state=draft', []],
    ['state=enabled&limit=1', ['refusing']],
  ])('by %j is %j', async (query, names) => expect(await namesOf(query)).toEqual(names));

  it.each(['newest', 'name', 'ends', 'free', 'claimed', 'refused'])(
    'goes on page by page, sorted by %s',
    async (sort) => {
      const whole = await namesOf(`sort=${sort}`);
      const found: string[] = [];
      for (let after: string | null = ''; after !== null;) {
        const query: string = `sort=${sort}&limit=2${after && `&after=${after}`}`;
        const { body }: { body: List<Listed> } = await ledger.get<List<Listed>>(`/v1/vouchers?${query}`);
        found.push(...body.items.map(({ name }) => name));
        after = body.next;
      }
      expect(found).toEqual(whole);
    },
  );

  it('has state, free units and what needs attention', async () => {
    const { body } = await ledger.get<List<Listed>>('/v1/vouchers?attention=sold-out');
    expect(body.items).toMatchObject([
      { voucherId: ids['sold out'], name: 'sold out', state: 'enabled', free: 0, attention: ['sold-out'] },
    ]);
  });
});

describe('what is wrong with the ledger itself needs attention, too', () => {
  const change = (counters: string, id: string): Promise<unknown> =>
    ledger.pool.query(`UPDATE vouchers SET counters = counters || $1::jsonb WHERE voucher_id = $2`, [counters, id]);

  it('kept counters that do not add up', async () => {
    await ledger.pool.query('UPDATE vouchers SET free = free + 1 WHERE voucher_id = $1', [ids['low']]);
    await change('{"claimed":2}', ids['open']!);
    expect(await namesOf('attention=proof-broken')).toEqual(['low', 'open']);
    expect(await namesOf('attention=any&label=campaign:26')).toEqual(['open']);
    await ledger.pool.query('UPDATE vouchers SET free = free - 1 WHERE voucher_id = $1', [ids['low']]);
    await change('{"claimed":1}', ids['open']!);
    expect(await namesOf('attention=proof-broken')).toEqual([]);
  });

  it('events that were not published for a minute', async () => {
    const { partition, seq } = ledger.of(ids['later']!).at(-1)!;
    const late = (by: string) =>
      ledger.pool.query(
        `UPDATE events SET decided_at = decided_at ${by} interval '2 minutes' WHERE partition = $1 AND seq = $2`,
        [partition, seq],
      );
    const relayed = async (nextSeq: number): Promise<number> => {
      const { rows } = await ledger.pool.query<{ next: string }>(
        `UPDATE relay n SET next_seq = $2 FROM relay o WHERE o.partition = $1 AND n.partition = $1
         RETURNING o.next_seq AS next`,
        [partition, nextSeq],
      );
      return Number(rows[0]!.next);
    };
    await late('-');
    expect(await namesOf('attention=behind')).toEqual([]);
    const published = await relayed(seq);
    expect(await namesOf('attention=behind')).toContain('later');
    await relayed(published);
    await late('+');
    expect(await namesOf('attention=behind')).toEqual([]);
  });
});

it('labels are listed with the sums of their vouchers', async () => {
  const { body } = await ledger.get<List<Record<string, unknown>>>('/v1/labels?key=campaign');
  expect(body).toMatchObject({
    items: [{ label: 'campaign:26', vouchers: 1, live: 1, pushed: 1, claimed: 1, redeemed: 0 }],
    next: null,
  });
  expect((await ledger.get<List<unknown>>('/v1/labels?key=other')).body.items).toEqual([]);
});

describe('the usage of a voucher', () => {
  interface Usage {
    timeZone: string;
    complete: boolean;
    byHour: { day: string; hour: number; claimed: number; used: number }[];
    untilUse: { upTo: string | null; uses: number }[];
    medianSeconds: number | null;
  }
  const usageOf = async (id: string, query = ''): Promise<Usage> => {
    const { status, body } = await ledger.get<Usage>(`/v1/vouchers/${id}/usage${query}`);
    expect(status).toBe(200);
    return body;
  };

  it('counts claims and uses by the hours of its zone, and uses by the time since the claim', async () => {
    const id = await ledger.define({
      name: 'used',
      clock: 'submissions',
      windows: { timeZone: 'Asia/Tokyo', valid: YEAR, claim: YEAR, use: YEAR },
    });
    const use = async (user: string, claimedAt: string, usedAt: string): Promise<void> => {
      const claim = ledger.claim(id, user, { at: claimedAt });
      await ledger.submit(claim);
      await ledger.decided(claim);
      const redemption = ledger.about('redemption', claim, {
        at: usedAt,
        redemptionId: ledger.freshId(id),
        order: { id: `order of ${user}`, amount: 100, currency: 'EUR' },
        attributes: {},
        matchesGoods: false,
      });
      await ledger.submit(redemption);
      expect((await ledger.decided(redemption))[0]!.data.reason).toBeUndefined();
    };
    // A Monday, 00:30 in Tokyo.
    await use('first', '2026-03-01T15:30:00Z', '2026-03-01T16:29:59Z');
    await use('second', '2026-03-01T16:30:00Z', '2026-03-01T17:30:00Z');
    await use('third', '2026-03-02T15:30:00Z', '2026-06-02T15:30:00Z');
    const usage = await usageOf(id);
    expect(usage.byHour).toEqual([
      { day: 'MO', hour: 0, claimed: 1, used: 0 },
      { day: 'MO', hour: 1, claimed: 1, used: 1 },
      { day: 'MO', hour: 2, claimed: 0, used: 1 },
      { day: 'TU', hour: 0, claimed: 1, used: 0 },
      { day: 'WE', hour: 0, claimed: 0, used: 1 },
    ]);
    expect(usage.untilUse.filter(({ uses }) => uses > 0)).toEqual([
      { upTo: 'PT1H', uses: 1 },
      { upTo: 'PT6H', uses: 1 },
      { upTo: null, uses: 1 },
    ]);
    expect(usage).toMatchObject({ timeZone: 'Asia/Tokyo', complete: true, medianSeconds: 3_600 });
    const part = await usageOf(id, '?from=2026-03-02T00:00:00Z&to=2026-04-01T00:00:00Z');
    expect(part.byHour).toEqual([{ day: 'TU', hour: 0, claimed: 1, used: 0 }]);
  });

  it('of a voucher that nobody claimed is empty, and of an unknown one 404', async () => {
    expect(await usageOf(ids['later']!)).toMatchObject({ complete: true, byHour: [], medianSeconds: null });
    expect((await ledger.get(`/v1/vouchers/${crypto.randomUUID()}/usage`)).status).toBe(404);
  });
});

describe('a user’s activity', () => {
  it('has claims and refusals of all vouchers, newest first, without pushes', async () => {
    const { body } = await ledger.get<List<EventRow>>('/v1/users/ann/activity');
    expect(body.next).toBeNull();
    expect(body.items.map(({ type }) => type).sort()).toEqual([
      'voucher.claim-refused.v1',
      'voucher.claimed.v1',
      'voucher.claimed.v1',
    ]);
    expect(new Set(body.items.map(({ voucherId }) => voucherId)).size).toBe(3);
    const times = body.items.map((event) => event.at);
    expect(times).toEqual([...times].sort().reverse());
    expect(body.items.find(({ voucherId }) => voucherId === ids['refusing'])?.data.reason).toBe('claim-rule');
  });

  it('goes on page by page', async () => {
    const whole = (await ledger.get<List<EventRow>>('/v1/users/ann/activity')).body.items.map(({ id }) => id);
    const found: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query: string = `limit=1${after && `&after=${after}`}`;
      const { body }: { body: List<EventRow> } = await ledger.get<List<EventRow>>(`/v1/users/ann/activity?${query}`);
      found.push(...body.items.map(({ id }) => id));
      after = body.next;
    }
    expect(found).toEqual(whole);
  });

  it('of an unknown user is empty', async () =>
    expect((await ledger.get('/v1/users/nobody/activity')).body).toEqual({ items: [], next: null }));

  it('is found by an index', async () => {
    const { rows } = await ledger.pool.query<{ indisvalid: boolean }>(
      `SELECT indisvalid FROM pg_index WHERE indexrelid = 'events_of_user'::regclass`,
    );
    expect(rows).toEqual([{ indisvalid: true }]);
  });
});

describe('events as CSV', () => {
  const csv = async (query: string): Promise<string[]> => {
    const path = `${await ledger.app.getUrl()}/v1/vouchers/${ids['refusing']}/events.csv${query}`;
    const answer = await fetch(path, { headers: ledger.authorization });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    return (await answer.text()).trimEnd().split('\r\n');
  };

  it('have a heading and a line per event, in order', async () => {
    const [heading, ...lines] = await csv('');
    expect(heading).toMatch(/^\ufeff?at,type,userId,reason,/);
    expect(lines).toHaveLength(ledger.of(ids['refusing']!).length);
    expect(lines.filter((line) => line.includes(',voucher.claim-refused.v1,'))).toHaveLength(13);
    const seqs = lines.map((line) => Number(line.split(',').at(-1)));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('are filtered as the list is', async () => {
    expect(await csv('?reason=claim-rule&userId=ann')).toHaveLength(2);
    expect(await csv('?type=voucher.redeemed.v1')).toHaveLength(1);
  });
});
