import { describe, expect, it } from '@jest/globals';
import type { Totals } from './outcome.ts';
import { funnel, percentile, rate } from './report.ts';

describe('the report', () => {
  it('shows every campaign and their sum', () => {
    const campaign = (id: string) => ({ id, type: 'Type B', slug: '', from: '', to: '' });
    const totals = (pushed: number, claimed: number, redeemed: number) =>
      ({ vouchers: 2, pushed, claimed, redeemed }) as Totals;
    const rows = [
      { campaign: campaign('1'), households: 500, totals: totals(1_000, 10, 11) },
      { campaign: campaign('2'), households: 500, totals: totals(1_000, 0, 0) },
    ];
    expect(funnel(rows).split('\n')).toEqual([
      'campaign  type    page views  vouchers  pushed  claimed  of pushed  redeemed  of claimed',
      '─'.repeat(88),
      '1         Type B         500         2   1,000       10     1.00 %        11    110.00 %',
      '2         Type B         500         2   1,000        0     0.00 %         0           –',
      'all                    1,000         4   2,000       10     0.50 %        11    110.00 %',
    ]);
  });

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('takes percentile %d by nearest rank', (share, value) => {
    expect(
      percentile(
        Array.from({ length: 100 }, (_, index) => 100 - index),
        share,
      ),
    ).toBe(value);
  });

  it('prints a rate', () => expect(rate(800_199, 'pushes', 80_000)).toBe('800,199 pushes in 80.0 s: 10,002/s'));
});
