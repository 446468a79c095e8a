import { describe, expect, it } from '@jest/globals';
import { definitionOf, FROM, Story, types } from '../../testing/story.ts';
import { decide } from '../decide.ts';
import { NotGiven } from '../knowledge.ts';

const day = (number: number, time = '12:00'): string => `2026-11-${String(number).padStart(2, '0')}T${time}:00.000Z`;

/** One unit, which alice has. */
function soldOut(more: object = {}): Story {
  const story = new Story();
  story.define({ quantities: { claim: 1 }, waitingList: {}, ...more });
  story.submit('claim', day(2));
  return story;
}

const join = (story: Story, userId: string, at: string, attributes = {}): string =>
  story.ask('join', at, { entryId: `entry-${userId}`, userId, attributes });

describe('a waiting list', () => {
  it.each<[string, object, string]>([
    ['no-waiting-list', { waitingList: undefined }, 'alice'],
    ['claim-rule', { nodes: { claim: { when: "user.id != 'bob'" } } }, 'bob'],
    ['per-user-limit', {}, 'alice'],
    ['waiting-list-full', { waitingList: { limit: 1 } }, 'carol'],
    ['already-waiting', {}, 'dora'],
    ['granted', {}, 'bob'],
  ])('answers %s', (answer, more, userId) => {
    const story = soldOut(more);
    join(story, 'dora', day(3));
    expect(join(story, userId, day(4))).toBe(answer);
  });

  it('is not for one who can claim', () => {
    const story = new Story();
    story.define({ quantities: { claim: 1 }, waitingList: {} });
    expect(join(story, 'bob', day(2))).toBe('units-free');
  });

  it('offers a unit that is released to the highest rank, then to who joined first', () => {
    const story = soldOut({ waitingList: { rank: "user.tier == 'vip' ? 2 : 1", offerFor: 'P1D' } });
    join(story, 'bob', day(3));
    join(story, 'carol', day(3), { tier: 'vip' });
    join(story, 'dora', day(3), { tier: 'vip' });
    expect(types(story.submit('release', day(4)))).toEqual(['claim-released', 'offered']);
    expect(story.verdict.followedBy).toBe(1);
    expect(story.events.at(-1)!.entry).toMatchObject({
      userId: 'carol',
      rank: 2,
      offer: { until: Date.parse(day(5)) },
    });
    expect(story.ask('claim', day(4, '13:00'), { claimId: 'b', userId: 'bob' })).toBe('sold-out');
    expect(story.ask('claim', day(4, '13:00'), { claimId: 'c', userId: 'carol' })).toBe('granted');
    expect(story.voucher!.counters).toMatchObject({ waiting: 2, offered: 0, claimedFromOffer: 1, held: 1 });
  });

  it('offers a lapsed unit to the next one at the time at which it lapsed, for its whole length', () => {
    const story = soldOut({ waitingList: { offerFor: 'PT1H' } });
    for (const userId of ['bob', 'carol']) join(story, userId, day(3));
    story.submit('release', day(4, '10:00'));
    expect(types(story.tick(day(4, '12:00')))).toEqual(['offer-lapsed', 'offered']);
    const { at, entry } = story.events.at(-1)!;
    expect([at, entry!.offer]).toEqual([
      Date.parse(day(4, '11:00')),
      { at: Date.parse(day(4, '11:00')), until: Date.parse(day(4, '13:00')) },
    ]);
    expect(join(story, 'bob', day(4, '12:30'))).toBe('granted');
  });

  it('withdraws offers by a pause, and offers the unit to the same one afterwards', () => {
    const story = soldOut();
    for (const userId of ['bob', 'carol']) join(story, userId, day(3));
    story.submit('release', day(4));
    const spec = { quantities: { claim: 1 }, waitingList: {} };
    expect(types(story.define(spec, 'paused', day(5, '09:00')))).toEqual(['defined', 'offer-withdrawn']);
    expect(story.voucher!.counters).toMatchObject({ waiting: 2, offered: 0 });
    expect(types(story.define(spec, 'published', day(5, '10:00')))).toEqual(['defined', 'offered']);
    expect(story.events.at(-1)!.entry!.userId).toBe('bob');
  });

  it('gives a declined unit to the next one', () => {
    const story = soldOut();
    for (const userId of ['bob', 'carol']) join(story, userId, day(3));
    story.submit('release', day(4));
    expect(types(story.submit('leave', day(4, '13:00'), { userId: 'bob' }))).toEqual(['waiting-list-left', 'offered']);
    expect(story.ask('leave', day(4, '14:00'), { userId: 'bob' })).toBe('not-waiting');
  });

  it('ranks 0 whom it cannot rank, and says so in the trace', () => {
    const story = soldOut({ waitingList: { rank: 'user.score' } });
    join(story, 'bob', day(3));
    expect(story.verdict.entry!.rank).toBe(0);
    expect(story.verdict.checks!.at(-1)).toEqual({
      check: 'waiting-list-full',
      passed: true,
      detail: 'rank 0: it cannot be evaluated: missing: user.score',
    });
  });

  it.each([
    [2.9, 2],
    [-0.5, -1],
    [5000, 1000],
    [-5000, -1000],
    ['high', 0],
  ])('ranks %s as %s', (score, rank) => {
    const story = soldOut({ waitingList: { rank: 'user.score' } });
    join(story, 'bob', day(3), { score });
    expect(story.verdict.entry!.rank).toBe(rank);
  });

  it('asks nothing more of a voucher on whose list nobody is', () => {
    const story = new Story();
    story.define({ quantities: { claim: 1 }, waitingList: {} });
    story.knowledge.entryOf =
      story.knowledge.waiting =
      story.knowledge.dueOffers =
        () => {
          throw new Error('asked');
        };
    expect(story.ask('claim', day(2))).toBe('granted');
  });

  it('throws if it reads what was not given', () => {
    const story = soldOut();
    join(story, 'bob', day(3));
    const blind = Object.assign(Object.create(story.knowledge) as typeof story.knowledge, { waiting: () => undefined });
    const release = { kind: 'release' as const, submissionId: 'r', voucherId: 'voucher', at: day(4) };
    const value = { ...release, asker: '', bodyHash: '', claimId: 'claim', userId: 'alice' };
    expect(() => decide(story.voucher, blind, { type: 'submission', at: Date.parse(day(4)), value })).toThrow(NotGiven);
  });
});

describe('an extension', () => {
  const extendable = { extension: { length: 'P7D', times: 1 }, notices: ['P3D', 'PT2H'] };
  const week = { windows: { ...definitionOf().spec.windows, use: { afterClaim: { delay: 'PT0S', length: 'P7D' } } } };

  it('moves the end of a claim and its notices, once', () => {
    const story = new Story();
    story.define({ ...week, ...extendable });
    story.submit('claim', day(2));
    expect(story.claim.noticesAt).toEqual([Date.parse(day(6)), Date.parse(day(9, '10:00'))]);
    expect(types(story.tick(day(6)))).toEqual(['claim-expiring']);
    expect(story.ask('extension', day(7))).toBe('granted');
    expect(story.claim).toMatchObject({ useUntil: Date.parse(day(16)), extensions: 1 });
    expect(story.claim.noticesAt).toEqual([Date.parse(day(13)), Date.parse(day(16, '10:00'))]);
    expect(story.ask('extension', day(8))).toBe('extension-limit');
    expect(types(story.tick(day(16)))).toEqual(['claim-expiring', 'claim-expiring', 'claim-expired']);
  });

  it('is refused while others wait, and where there is nothing to extend', () => {
    const story = new Story();
    story.define({ ...week, ...extendable, quantities: { claim: 1 }, waitingList: {} });
    story.submit('claim', day(2));
    join(story, 'bob', day(3));
    expect(story.ask('extension', day(4))).toBe('others-wait');
    story.submit('leave', day(4), { userId: 'bob' });
    expect(story.ask('extension', day(4))).toBe('granted');
    const whole = new Story();
    whole.define(extendable, 'published', FROM);
    whole.submit('claim', day(2));
    expect(whole.ask('extension', day(3))).toBe('nothing-to-extend');
  });
});
