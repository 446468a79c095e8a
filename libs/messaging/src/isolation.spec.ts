import { describe, expect, it } from '@jest/globals';
import type { FailureCause } from './failure-cause.ts';
import { CLEAR, delivery, failed, handled, setAside, STUCK_MS, stuckIn, type Isolation } from './isolation.ts';

const BY_RECORD = { cause: 'record', othersGoOn: true } as const;
const INFRASTRUCTURE_AWAY = { cause: 'infrastructure', othersGoOn: false } as const;
const AWAY_BUT_OTHERS_GO_ON = { cause: 'infrastructure', othersGoOn: true } as const;
type Kind = { cause: FailureCause; othersGoOn: boolean };

const failure = (first: number, records: number, kind: Kind, at = 0) => ({
  first: BigInt(first),
  next: BigInt(first + records),
  records,
  reason: 'no',
  at,
  ...kind,
});
const after = (isolation: Isolation, ...failures: ReturnType<typeof failure>[]): Isolation =>
  failures.reduce((before, one) => failed(before, one).isolation, isolation);
const alone: Isolation = { until: 8n, most: 1, alone: { offset: 7n, failures: 1, since: 0, reason: 'no' } };
const twice: Isolation = { ...alone, alone: { ...alone.alone!, failures: 2 } };
const marked = (attempt: number): Isolation => ({
  ...twice,
  aside: { offset: 7n, aside: { reason: 'no', attempt } },
});

describe('a failure', () => {
  it.each<[string, Isolation, ReturnType<typeof failure>, Partial<Isolation>, boolean]>([
    ['of a batch: its halves are tried at once', CLEAR, failure(0, 9, BY_RECORD), { until: 9n, most: 4 }, false],
    [
      'of a half: its halves are tried',
      { until: 9n, most: 4 },
      failure(4, 4, BY_RECORD),
      { until: 9n, most: 2 },
      false,
    ],
    ['of a record alone: it is tried once more', { until: 8n, most: 1 }, failure(7, 1, BY_RECORD), alone, false],
    ['of the same record while others go on: it is set aside', alone, failure(7, 1, BY_RECORD), marked(1), false],
    [
      'of the same record while no others go on: it waits',
      alone,
      failure(7, 1, { ...BY_RECORD, othersGoOn: false }),
      twice,
      true,
    ],
    [
      'of another record alone: counting begins again',
      { ...alone, until: 9n },
      failure(8, 1, BY_RECORD),
      { most: 1 },
      false,
    ],
    [
      'of a marked record: the next attempt has a higher number',
      marked(1),
      failure(7, 1, BY_RECORD),
      { aside: marked(2).aside! },
      false,
    ],
    [
      'of a marked record for the third time: it waits',
      marked(3),
      failure(7, 1, BY_RECORD),
      { aside: marked(4).aside! },
      true,
    ],
    [
      'by the infrastructure while no others go on: its records come again with care',
      CLEAR,
      failure(0, 9, INFRASTRUCTURE_AWAY),
      { until: 9n, most: Infinity },
      true,
    ],
    [
      'by the infrastructure during a search: the search goes on later',
      alone,
      failure(7, 1, INFRASTRUCTURE_AWAY),
      { until: 8n, most: 1 },
      true,
    ],
    [
      'by the infrastructure for a marked record: it stays marked',
      marked(2),
      failure(7, 1, INFRASTRUCTURE_AWAY),
      { most: 1 },
      true,
    ],
    [
      'by the infrastructure while others go on: the halves are tried later',
      CLEAR,
      failure(0, 9, AWAY_BUT_OTHERS_GO_ON),
      { most: 4 },
      true,
    ],
    [
      'by the infrastructure for a record alone, while others go on: it waits',
      alone,
      failure(7, 1, AWAY_BUT_OTHERS_GO_ON),
      alone,
      true,
    ],
  ])('%s', (_, before, one, expected, wait) => {
    const result = failed(before, one);
    expect(result.isolation).toMatchObject(expected);
    expect(result.wait).toBe(wait);
  });

  it('by the infrastructure never sets a record aside, however often it happens', () => {
    const often = Array.from({ length: 100 }, (_, at) => failure(7, 1, AWAY_BUT_OTHERS_GO_ON, at * 5_000));
    expect(after(CLEAR, ...often).aside).toBeUndefined();
  });

  it('by the infrastructure does not change which record is marked', () => {
    expect(after(marked(2), failure(7, 1, INFRASTRUCTURE_AWAY)).aside).toEqual(marked(2).aside);
    expect(after(marked(2), failure(7, 1, AWAY_BUT_OTHERS_GO_ON)).aside).toEqual(marked(2).aside);
  });
});

describe('a record that fails alone', () => {
  const at = (...times: number[]) => times.map((time) => failure(7, 1, AWAY_BUT_OTHERS_GO_ON, time));

  it('is stuck after 60 s, but not earlier', () => {
    const isolation = after(CLEAR, ...at(1_000, 30_000, 1_000 + STUCK_MS));
    expect(stuckIn(isolation, 1_000 + STUCK_MS - 1)).toBeUndefined();
    expect(stuckIn(isolation, 1_000 + STUCK_MS)).toEqual({ offset: 7n, reason: 'no', since: 1_000 });
  });

  it('is not stuck if no others went on in between', () => {
    const isolation = after(CLEAR, ...at(0), failure(7, 1, INFRASTRUCTURE_AWAY, 30_000), ...at(50_000, STUCK_MS));
    expect(stuckIn(isolation, STUCK_MS)).toBeUndefined();
  });

  it('is set aside by an operator’s order, which does not apply to the next record', () => {
    const { isolation, wait } = setAside(after(CLEAR, ...at(0)), 7n, 'skipped');
    expect(wait).toBe(false);
    expect(delivery(isolation, 7n)).toEqual({ most: 1, suspect: true, aside: { reason: 'skipped', attempt: 1 } });
    expect(handled(isolation, 8n)).toBe(CLEAR);
  });
});

describe('a delivery', () => {
  it.each<[string, Isolation, bigint, ReturnType<typeof delivery>]>([
    ['if nothing failed: all records', CLEAR, 7n, { most: Infinity, suspect: false }],
    ['of records that failed: a limited number', { until: 8n, most: 4 }, 7n, { most: 4, suspect: true }],
    ['of records behind them: all', { until: 8n, most: 4 }, 8n, { most: Infinity, suspect: false }],
    [
      'of a record set aside: alone and marked',
      marked(2),
      7n,
      { most: 1, suspect: true, aside: { reason: 'no', attempt: 2 } },
    ],
    ['of the record before it: not marked', marked(2), 6n, { most: 1, suspect: true }],
  ])('%s', (_, isolation, first, expected) => expect(delivery(isolation, first)).toEqual(expected));

  it('doubles with each batch that is handled, until all records that failed are handled', () => {
    const isolation = handled({ until: 20n, most: 1 }, 8n);
    expect(isolation).toEqual({ until: 20n, most: 2 });
    expect(handled(isolation, 10n)).toEqual({ until: 20n, most: 4 });
    expect(handled(isolation, 20n)).toBe(CLEAR);
    expect(handled({ ...alone, until: 20n }, 8n).alone).toBeUndefined();
    expect(handled({ ...alone, until: 20n }, 7n).alone).toBeDefined();
  });

  it('finds six bad records among a thousand with few deliveries, and blames no other', () => {
    const bad = new Set([0, 1, 499, 500, 998, 999]);
    const aside: number[] = [];
    let isolation = CLEAR;
    let deliveries = 0;
    for (let at = 0; at < 1_000; deliveries += 1) {
      const { most, aside: mark } = delivery(isolation, BigInt(at));
      const records = Math.min(most, 1_000 - at, 500);
      if (mark) aside.push(at);
      const fails = !mark && [...bad].some((one) => one >= at && one < at + records);
      if (fails) isolation = failed(isolation, failure(at, records, BY_RECORD)).isolation;
      else isolation = handled(isolation, BigInt((at += records)));
    }
    expect(aside).toEqual([...bad]);
    expect(deliveries).toBeLessThan(bad.size * 40);
  });
});
