import { describe, expect, it } from '@jest/globals';
import type { Windows } from '@vouchers/contracts';
import { beginningAt, boundsOf, inOtherZone, withEdge } from './window-edges.ts';

const day = (date: string): string => `2026-${date}T00:00:00.000Z`;
const valid = { from: day('11-01'), to: day('12-01') };
const windows: Windows = { timeZone: 'UTC', valid, claim: valid, use: { from: day('11-05'), to: day('12-01') } };

describe('an edge of valid', () => {
  it('moves the edges that were equal to it', () => {
    const moved = withEdge(windows, 'valid', 'to', day('12-10'));
    expect([moved.valid.to, moved.claim.to, moved.use]).toEqual([
      day('12-10'),
      day('12-10'),
      { from: day('11-05'), to: day('12-10') },
    ]);
  });

  it.each([
    ['11-04', '11-05'],
    ['11-05', '11-05'],
    ['11-06', '11-06'],
  ])('that moves to %s leaves the start of the use window at %s', (to, from) =>
    expect(withEdge(windows, 'valid', 'from', day(to)).use).toMatchObject({ from: day(from) }),
  );

  it('does not change a use window that follows from the claim', () => {
    const use = { afterClaim: { delay: 'PT0S', length: 'P7D' } };
    expect(withEdge({ ...windows, use }, 'valid', 'to', day('12-10')).use).toEqual(use);
  });
});

it('a handle stays inside of valid and apart from its other edge', () => {
  expect(boundsOf(windows, 'use', 'from')).toEqual({
    from: Date.parse(day('11-01')),
    to: Date.parse(day('12-01')) - 60_000,
  });
  expect(boundsOf(windows, 'claim', 'to')).toEqual({
    from: Date.parse(day('11-01')) + 60_000,
    to: Date.parse(day('12-01')),
  });
});

it('another zone keeps the wall times, except those that it skips or repeats', () => {
  const moved = inOtherZone(windows, 'Asia/Shanghai');
  expect(moved.valid).toEqual({ from: '2026-10-31T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z' });
  const skipped = { from: '2026-03-29T02:30:00.000Z', to: day('12-01') };
  expect(inOtherZone({ ...windows, valid: skipped }, 'Europe/Berlin').valid.from).toBe(skipped.from);
});

it('windows that move to another start keep their wall times across a clock change', () => {
  const berlin: Windows = {
    timeZone: 'Europe/Berlin',
    valid: { from: '2026-10-01T22:00:00.000Z', to: '2026-10-08T22:00:00.000Z' },
    claim: { from: '2026-10-02T08:00:00.000Z', to: '2026-10-08T22:00:00.000Z' },
    use: { afterClaim: { delay: 'PT0S', length: 'P7D' } },
  };
  const moved = beginningAt(berlin, '2026-10-22T22:00:00.000Z');
  expect(moved.valid.to).toBe('2026-10-29T23:00:00.000Z');
  expect(moved.claim.from).toBe('2026-10-23T08:00:00.000Z');
});
