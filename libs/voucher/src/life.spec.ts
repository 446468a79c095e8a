import { describe, expect, it } from '@jest/globals';
import type { Intent, VoucherSpecInput } from '@vouchers/contracts';
import { statusOf } from './counters.ts';
import { Story, types } from '../testing/story.ts';

const NEVER: Partial<VoucherSpecInput> = { nodes: { enable: { when: 'false' } } };
const NOON = '2026-11-10T12:00:00.000Z';

type Life = (story: Story) => void;
const draft: Life = (story) => story.define({}, 'draft');
const published: Life = (story) => story.define(NEVER);
const enabled: Life = (story) => story.define();
const paused: Life = (story) => [story.define(), story.define({}, 'paused')];
const terminated: Life = (story) => [story.define(), story.define({}, 'terminated')];

describe('pushes and claims by the status of the voucher', () => {
  it.each<[string, Life, string, string]>([
    ['draft', draft, 'not-published', 'nothing'],
    ['published', published, 'not-enabled', 'nothing'],
    ['enabled', enabled, 'granted', 'granted'],
    ['paused', paused, 'paused', 'nothing'],
    ['terminated', terminated, 'terminated', 'nothing'],
  ])('%s: a claim is %s', (_, life, claim, push) => {
    const story = new Story();
    life(story);
    expect(story.ask('push', NOON)).toBe(push);
    expect(story.ask('claim', NOON)).toBe(claim);
  });
});

describe('an existing claim', () => {
  it.each<[string, Intent]>([
    ['published again', 'published'],
    ['paused', 'paused'],
    ['terminated with `honour`', 'terminated'],
  ])('can be used when the voucher is %s', (_, intent) => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON);
    story.define({}, intent, NOON);
    expect(story.ask('lock', NOON)).toBe('granted');
    expect(story.ask('unlock', NOON)).toBe('granted');
    expect(story.ask('redemption', NOON)).toBe('granted');
    expect(story.ask('rollback', NOON)).toBe('granted');
    expect(story.ask('release', NOON)).toBe('granted');
  });

  it('is revoked in order of claim id when the voucher terminates with `revoke`', () => {
    const story = new Story();
    const revoking: Partial<VoucherSpecInput> = {
      nodes: { claim: { perUser: null }, use: { perClaim: 2 }, terminate: { claims: 'revoke' } },
    };
    story.define(revoking);
    for (const claimId of ['c', 'a', 'b']) story.submit('claim', NOON, { claimId });
    story.submit('lock', NOON, { claimId: 'a' });
    story.submit('redemption', NOON, { claimId: 'b' });
    const events = story.define(revoking, 'terminated', NOON);
    expect(types(events)).toEqual(['defined', 'claim-revoked', 'claim-revoked', 'claim-revoked']);
    expect(events.slice(1).map(({ claim }) => [claim!.claimId, claim!.state])).toEqual([
      ['a', 'revoked'],
      ['b', 'redeemed'],
      ['c', 'revoked'],
    ]);
    expect(story.voucher!.revoking).toBe(false);
    expect(story.voucher!.counters).toMatchObject({ held: 0, locked: 0, used: 1, revoked: 2, retired: 2 });
  });
});

describe('a voucher', () => {
  it('that is resumed is enabled again, if it was enabled before', () => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON);
    story.define({}, 'paused', NOON);
    expect(statusOf(story.voucher!)).toBe('paused');
    story.define({}, 'published', NOON);
    expect(statusOf(story.voucher!)).toBe('enabled');
  });

  it('that is terminated stays so: a later definition is recorded without effect', () => {
    const story = new Story();
    story.define({ name: 'First' });
    story.define({ name: 'Second' }, 'terminated');
    expect(types(story.define({ name: 'Third' }, 'published'))).toEqual(['defined']);
    expect(statusOf(story.voucher!)).toBe('terminated');
    expect(story.voucher!.definition.spec.name).toBe('Second');
    expect(story.voucher!.lastVersion).toBe(3);
    story.submit('claim', NOON);
    expect(story.verdict).toMatchObject({ reason: 'terminated', voucherVersion: 2 });
  });

  it('records each version once', () => {
    const story = new Story();
    const [first] = story.define({ name: 'First' });
    story.define({ name: 'Second' });
    expect(story.take({ type: 'definition', at: Date.parse(NOON), value: first!.definition! })).toEqual([]);
    expect(story.voucher!.definition.spec.name).toBe('Second');
  });
});

describe('the enable node', () => {
  const late = { nodes: { enable: { when: "now >= timestamp('2026-11-10T12:00:00Z')" } } };
  it.each([
    ['2026-11-10T11:59:59.999Z', 'not-enabled'],
    ['2026-11-10T12:00:00.000Z', 'granted'],
  ])('is judged before a submission: at %s a claim is %s', (at, verdict) => {
    const story = new Story();
    story.define(late);
    expect(story.ask('claim', at)).toBe(verdict);
  });

  it.each([
    ['2026-10-31T23:59:59.999Z', []],
    ['2026-11-01T00:00:00.000Z', ['enabled']],
    ['2026-11-30T23:59:59.999Z', ['enabled']],
    ['2026-12-01T00:00:00.000Z', []],
  ])('turns only inside the valid window, also at a tick: at %s', (at, expected) => {
    const story = new Story();
    story.define({}, 'published', '2026-10-01T00:00:00.000Z');
    expect(types(story.tick(at))).toEqual(expected);
  });
});

describe('the terminate node', () => {
  const atTwo = { nodes: { claim: { perUser: null }, terminate: { when: 'counters.claimed >= 2' } } };

  it('is judged after every decision', () => {
    const story = new Story();
    story.define(atTwo);
    expect(types(story.submit('claim', NOON))).toEqual(['enabled', 'claimed']);
    expect(types(story.submit('claim', NOON, { claimId: 'b' }))).toEqual(['claimed', 'terminated']);
    expect(story.ask('claim', NOON, { claimId: 'c' })).toBe('terminated');
  });

  it('is judged after a refusal, too', () => {
    const story = new Story();
    story.define({
      nodes: { claim: { when: 'false' }, terminate: { when: "counters.refused['claim']['claim-rule'] >= 1" } },
    });
    expect(types(story.submit('claim', NOON))).toEqual(['enabled', 'claim-refused', 'terminated']);
  });

  it('is judged for a paused voucher and at a tick', () => {
    const story = new Story();
    const late = { nodes: { terminate: { when: "now >= timestamp('2026-11-10T12:00:00Z')" } } };
    story.define(late);
    story.define(late, 'paused');
    expect(types(story.tick('2026-11-10T11:59:59.999Z'))).toEqual([]);
    expect(types(story.tick(NOON))).toEqual(['terminated']);
  });
});
