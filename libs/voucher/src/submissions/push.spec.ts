import { describe, expect, it } from '@jest/globals';
import { NOVEMBER, Story, types } from '../../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';

describe('a push', () => {
  it('is granted once for ever per voucher and user', () => {
    const story = new Story();
    story.define();
    expect(types(story.submit('push', NOON))).toEqual(['enabled', 'pushed']);
    expect(story.ask('push', NOON)).toBe('nothing');
    expect(story.ask('push', NOON, { userId: 'bob' })).toBe('granted');
    expect(story.voucher!.counters.pushed).toBe(2);
  });

  it.each([
    [1, ['granted', 'nothing']],
    [2, ['granted', 'granted']],
  ])('is bounded by a quantity of %d', (push, verdicts) => {
    const story = new Story();
    story.define({ quantities: { push } });
    expect(verdicts.map((_, user) => story.ask('push', NOON, { userId: `user-${user}` }))).toEqual(verdicts);
  });

  it.each([
    ['2026-10-31T23:59:59.999Z', 'nothing'],
    ['2026-11-01T00:00:00.000Z', 'granted'],
    ['2026-11-30T23:59:59.999Z', 'granted'],
    ['2026-12-01T00:00:00.000Z', 'nothing'],
  ])('at %s is %s', (at, verdict) => {
    const story = new Story();
    story.define({}, 'published', '2026-10-01T00:00:00.000Z');
    expect(story.ask('push', at)).toBe(verdict);
  });

  it('not granted is nothing at all: what is due waits for the next', () => {
    const story = new Story();
    story.define({ windows: { ...NOVEMBER.windows, use: { afterClaim: { delay: 'PT0S', length: 'PT1H' } } } });
    story.submit('push', NOON);
    story.submit('claim', NOON);
    const before = story.voucher;
    expect(story.submit('push', '2026-11-10T14:00:00.000Z')).toEqual([]);
    expect(story.voucher).toBe(before);
    expect(types(story.submit('push', '2026-11-10T15:00:00.000Z', { userId: 'bob' }))).toEqual([
      'claim-expired',
      'pushed',
    ]);
  });
});
