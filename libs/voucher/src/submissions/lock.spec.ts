import { describe, expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { NOVEMBER, Story, types } from '../../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const useWindow: Partial<VoucherSpecInput> = {
  windows: { ...NOVEMBER.windows, use: { from: '2026-11-12T00:00:00Z', to: '2026-11-13T00:00:00Z' } },
};

function claimed(spec: Partial<VoucherSpecInput> = {}): Story {
  const story = new Story();
  story.define(spec);
  story.submit('claim', NOON);
  return story;
}

describe('a lock', () => {
  it.each([
    ['1 ms before the use window', '2026-11-11T23:59:59.999Z', 'outside-use-window'],
    ['as the use window begins', '2026-11-12T00:00:00.000Z', 'granted'],
    ['1 ms before the use window ends', '2026-11-12T23:59:59.999Z', 'granted'],
    ['as the use window ends', '2026-11-13T00:00:00.000Z', 'claim-expired'],
  ])('%s', (_, at, verdict) => {
    expect(claimed(useWindow).ask('lock', at)).toBe(verdict);
  });

  it.each([
    ['its time to live', '2026-11-12T00:00:00.000Z', 60, '2026-11-12T00:01:00.000Z'],
    ['the end of the claim', '2026-11-12T23:59:30.000Z', 60, '2026-11-13T00:00:00.000Z'],
  ])('lasts for %s', (_, at, ttlSeconds, until) => {
    const story = claimed(useWindow);
    story.submit('lock', at, { ttlSeconds });
    expect(story.claim).toMatchObject({ state: 'locked', lock: { orderId: 'order', until: Date.parse(until) } });
  });

  it('can be renewed by its own order, but not taken by another', () => {
    const story = claimed();
    story.submit('lock', NOON);
    expect(story.ask('lock', '2026-11-10T12:00:30.000Z')).toBe('granted');
    expect(story.claim.lock!.until).toBe(Date.parse('2026-11-10T12:01:30.000Z'));
    expect(story.ask('lock', '2026-11-10T12:00:30.000Z', { orderId: 'other' })).toBe('locked-by-other-order');
    expect(story.voucher!.counters).toMatchObject({ held: 0, locked: 1 });
  });

  it.each([
    ['1 ms before it runs out', '2026-11-10T12:00:59.999Z', 'locked-by-other-order'],
    ['as it runs out', '2026-11-10T12:01:00.000Z', 'granted'],
  ])('%s, another order is %s', (_, at, verdict) => {
    const story = claimed();
    story.submit('lock', NOON);
    expect(story.ask('lock', at, { orderId: 'other' })).toBe(verdict);
  });
});

describe('an unlock', () => {
  it.each([
    ['of what is not locked', undefined, 'order', 'not-locked'],
    ['by its order', 'order', 'order', 'granted'],
    ['by another', 'order', 'other', 'locked-by-other-order'],
  ])('%s', (_, lockedBy, orderId, verdict) => {
    const story = claimed();
    if (lockedBy) story.submit('lock', NOON, { orderId: lockedBy });
    expect(story.ask('unlock', NOON, { orderId })).toBe(verdict);
    expect(story.claim.state).toBe(verdict === 'locked-by-other-order' ? 'locked' : 'held');
  });
});

describe('a release', () => {
  it('is refused while the claim is locked, until the lock runs out', () => {
    const story = claimed();
    story.submit('lock', NOON);
    expect(story.ask('release', '2026-11-10T12:00:59.999Z')).toBe('locked');
    expect(types(story.submit('release', '2026-11-10T12:01:00.000Z'))).toEqual(['unlocked', 'claim-released']);
  });

  it('is possible only for the user who has the claim', () => {
    expect(claimed().ask('release', NOON, { userId: 'eve' })).toBe('unreadable');
  });
});

describe('any submission for a claim that has ended', () => {
  const LATER = '2026-11-10T12:30:00.000Z';
  const ends: [string, string, (story: Story) => void][] = [
    ['released', 'claim-released', (story) => story.submit('release', NOON)],
    ['revoked', 'claim-revoked', (story) => story.submit('revoke', NOON)],
    ['redeemed', 'already-redeemed', (story) => story.submit('redemption', NOON)],
    ['expired', 'claim-expired', () => {}],
  ];
  const short: Partial<VoucherSpecInput> = {
    windows: { ...NOVEMBER.windows, use: { afterClaim: { delay: 'PT0S', length: 'PT30M' } } },
  };
  it.each(
    ends.flatMap(([state, reason, end]) =>
      (['lock', 'unlock', 'release', 'revoke', 'redemption'] as const).map(
        (kind) => [kind, state, reason, end] as const,
      ),
    ),
  )('%s of a claim that is %s: %s', (kind, state, reason, end) => {
    const story = claimed(short);
    end(story);
    expect(story.ask(kind, LATER)).toBe(reason);
    expect(story.claim.state).toBe(state);
    expect(story.verdict.checks!.at(-1)).toMatchObject({ check: reason, passed: false });
  });
});

it('any submission for a claim that does not exist is unreadable', () => {
  expect(claimed().ask('lock', NOON, { claimId: 'none' })).toBe('unreadable');
});
