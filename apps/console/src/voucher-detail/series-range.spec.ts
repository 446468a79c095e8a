import { describe, expect, it } from '@jest/globals';
import type { Voucher } from '@vouchers/contracts';
import type { SeriesItem } from '../api/answers.ts';
import { seriesRange, firstRange, pointsOf } from './series-range.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const voucher = {
  createdAt: '2026-11-10T00:00:00Z',
  clock: 'wall',
  windows: { valid: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' } },
} as Voucher;

describe('the series is requested', () => {
  it.each([
    ['day', '2026-11-29T00:00:00.000Z', 'PT30M'],
    ['week', '2026-11-23T00:00:00.000Z', 'PT4H'],
    ['month', '2026-10-31T00:00:00.000Z', 'P1D'],
    ['all', '2026-01-01T00:00:00.000Z', 'P3D'],
  ] as const)('for a %s', (range, from, step) => {
    expect(seriesRange(range, voucher, NOW)).toEqual({ from, to: '2026-11-30T00:00:00.000Z', step });
  });

  it('in hours for a short valid range', () => {
    const valid = { from: '2026-11-28T00:00:00Z', to: '2026-11-30T00:00:00Z' };
    expect(seriesRange('all', { ...voucher, windows: { ...voucher.windows, valid } }, NOW).step).toBe('PT1H');
  });
});

it.each([
  ['2026-11-29T12:00:00Z', 'wall', 'day'],
  ['2026-11-23T00:00:00Z', 'wall', 'week'],
  ['2026-11-10T00:00:00Z', 'wall', 'month'],
  ['2026-01-01T00:00:00Z', 'wall', 'all'],
  ['2026-11-29T12:00:00Z', 'submissions', 'all'],
] as const)('a voucher of %s on the %s clock is first shown by %s', (createdAt, clock, range) => {
  expect(firstRange({ ...voucher, createdAt, clock }, NOW)).toBe(range);
});

it('the line is drawn from zero to the newest counts', () => {
  const item = {
    at: '2026-11-20T00:00:00Z',
    pushed: 5,
    claimed: 2,
    redeemed: 1,
    claimedFromOffer: 0,
    waiting: 0,
  } as SeriesItem;
  const newest = { time: NOW, pushed: 9, claimed: 3, redeemed: 1, claimedFromOffer: 0, waiting: 0 };
  const first = {
    time: Date.parse(voucher.createdAt),
    pushed: 0,
    claimed: 0,
    redeemed: 0,
    claimedFromOffer: 0,
    waiting: 0,
  };
  const second = { time: Date.parse(item.at), pushed: 5, claimed: 2, redeemed: 1, claimedFromOffer: 0, waiting: 0 };
  const from = Date.parse('2026-11-01T00:00:00Z');
  expect(pointsOf([item], voucher, from, newest)).toEqual([first, second, newest]);
  expect(pointsOf([], voucher, from, newest)).toEqual([first, newest]);
  expect(pointsOf([], voucher, from)).toEqual([]);
  expect(pointsOf([{ ...item, at: '2026-11-01T00:00:00Z' }], voucher, from)).toHaveLength(1);
});

it.each(['day', 'week'] as const)('a %s of an older voucher begins with its range, not with the creation', (range) => {
  const { from } = seriesRange(range, voucher, NOW);
  const item = { at: from, pushed: 5, claimed: 2, redeemed: 1, claimedFromOffer: 0, waiting: 0 } as SeriesItem;
  const newest = { time: NOW, pushed: 9, claimed: 3, redeemed: 1, claimedFromOffer: 0, waiting: 0 };
  const points = pointsOf([item], voucher, Date.parse(from), newest);
  expect(points.map(({ time, pushed }) => [time, pushed])).toEqual([
    [Date.parse(from), 5],
    [NOW, 9],
  ]);
});
