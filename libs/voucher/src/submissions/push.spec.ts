import { describe, expect, it } from '@jest/globals';
import type { Intent, PushReason, PushSubmission, VoucherSpecInput } from '@vouchers/contracts';
import { decide } from '../decide.ts';
import { NOVEMBER, Story, types } from '../../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';

describe('a push', () => {
  it('is granted only once per voucher and user', () => {
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

  it('that is not granted has no effect: due claims wait for the next input', () => {
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

describe('a push that is not granted is counted by its reason and does not move the time', () => {
  const refused = (story: Story, at: string, userId: string): string | undefined => {
    const value: PushSubmission = {
      kind: 'push',
      submissionId: at + userId,
      voucherId: 'voucher',
      at,
      userId,
      pageSlug: 'home',
    };
    const decision = decide(story.voucher, story.knowledge, { type: 'submission', at: Date.parse(at), value });
    if (decision.refusedPush)
      expect([decision.events, decision.voucher, decision.more]).toEqual([[], story.voucher, false]);
    return decision.refusedPush;
  };

  it.each<[string, Partial<VoucherSpecInput>, Intent, string, PushReason | undefined]>([
    ['a draft', {}, 'draft', NOON, 'not-published'],
    ['paused', {}, 'paused', NOON, 'paused'],
    ['terminated', {}, 'terminated', NOON, 'terminated'],
    ['before its valid window', {}, 'published', '2026-10-31T23:59:59.999Z', 'outside-valid-window'],
    ['not enabled', { nodes: { enable: { when: 'false' } } }, 'published', NOON, 'not-enabled'],
    [
      'enabled at this very time',
      { nodes: { enable: { when: 'now >= timestamp("2026-11-10T12:00:00Z")' } } },
      'published',
      NOON,
      undefined,
    ],
    [
      'terminated at this very time',
      { nodes: { terminate: { when: 'now >= timestamp("2026-11-10T12:00:00Z")' } } },
      'published',
      NOON,
      'terminated',
    ],
    ['open', {}, 'published', NOON, undefined],
  ])('%s', (_, spec, intent, at, reason) => {
    const story = new Story();
    story.define(spec, intent, '2026-10-01T00:00:00.000Z');
    expect(refused(story, at, 'alice')).toBe(reason);
  });

  it('also with the push quantity reached, but a repeated push is not counted', () => {
    const story = new Story();
    story.define({ quantities: { push: 1 } });
    expect(story.ask('push', NOON)).toBe('granted');
    expect(refused(story, NOON, 'bob')).toBe('push-quantity-reached');
    expect(refused(story, NOON, 'alice')).toBeUndefined();
    story.define({ quantities: { push: 1 } }, 'paused', NOON);
    expect(refused(story, NOON, 'bob')).toBe('paused');
    expect(refused(story, NOON, 'alice')).toBeUndefined();
  });
});
