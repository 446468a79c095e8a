import { describe, expect, it } from '@jest/globals';
import type { Submission, VoucherSpecInput } from '@vouchers/contracts';
import { liveClaims } from './counters.ts';
import { decide } from './decide.ts';
import { type Input, SLICE } from './decision.ts';
import { WholeKnowledge } from '../testing/whole-knowledge.ts';
import { definitionOf, NOVEMBER, Story, types } from '../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const at = (time: string): string => `2026-11-10T${time}:00.000Z`;
const hour: Partial<VoucherSpecInput> = {
  windows: { ...NOVEMBER.windows, use: { afterClaim: { delay: 'PT0S', length: 'PT1H' } } },
  nodes: { claim: { perUser: null }, use: { perClaim: null } },
};

describe('what is due happens before a submission is decided', () => {
  it('by due time, then claim id; of one claim the lock first; each at its due time', () => {
    const story = new Story();
    story.define(hour);
    story.submit('claim', at('12:00'), { claimId: 'b' });
    story.submit('claim', at('12:00'), { claimId: 'a' });
    story.submit('claim', at('12:30'), { claimId: 'c' });
    story.submit('lock', at('12:40'), { claimId: 'a', ttlSeconds: 3600 });
    story.submit('lock', at('12:40'), { claimId: 'c', ttlSeconds: 600 });
    const events = story.submit('claim', at('14:00'), { claimId: 'd' });
    expect(
      events.map(({ type, claim, at: time }) => [type.split('.')[1], claim!.claimId, new Date(time).toISOString()]),
    ).toEqual([
      ['unlocked', 'c', at('12:50')],
      ['unlocked', 'a', at('13:00')],
      ['claim-expired', 'a', at('13:00')],
      ['claim-expired', 'b', at('13:00')],
      ['claim-expired', 'c', at('13:30')],
      ['claimed', 'd', at('14:00')],
    ]);
    expect(events.filter(({ submissionId }) => submissionId !== undefined)).toHaveLength(1);
  });

  it.each([
    ['2026-11-10T12:59:59.999Z', []],
    ['2026-11-10T13:00:00.000Z', ['claim-expired']],
  ])('and at a tick: %s', (time, expected) => {
    const story = new Story();
    story.define(hour);
    story.submit('claim', NOON);
    expect(types(story.tick(time))).toEqual(expected);
  });
});

describe('the voucher’s time', () => {
  it('never goes back: an earlier submission is judged at it, and keeps its own time', () => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON);
    const [event] = story.submit('lock', at('11:00'));
    expect(event).toMatchObject({ at: Date.parse(NOON), occurredAt: Date.parse(at('11:00')) });
    expect(story.voucher!.time).toBe(Date.parse(NOON));
  });

  it('moves with a tick only to the last event that it caused', () => {
    const story = new Story();
    story.define(hour);
    story.submit('claim', NOON);
    story.tick(at('12:30'));
    expect(story.voucher!.time).toBe(Date.parse(NOON));
    story.tick(at('13:30'));
    expect(story.voucher!.time).toBe(Date.parse(at('13:00')));
  });

  it('moves with a refusal, and with a definition', () => {
    const story = new Story();
    story.define();
    story.submit('unlock', at('12:00'));
    expect(story.voucher!.time).toBe(Date.parse(at('12:00')));
    story.define({}, 'paused', at('13:00'));
    expect(story.voucher!.time).toBe(Date.parse(at('13:00')));
  });
});

describe('on the clock of submissions', () => {
  const imported: Partial<VoucherSpecInput> = { ...hour, clock: 'submissions' };

  it('a definition happens at the voucher’s time, and moves nothing', () => {
    const story = new Story();
    const [first] = story.define(imported, 'published', '2027-01-01T00:00:00.000Z');
    expect(first!.at).toBe(Date.parse('2026-11-01T00:00:00.000Z'));
    expect(story.voucher!.time).toBe(0);
    story.submit('claim', NOON);
    const [second] = story.define(imported, 'paused', '2027-01-02T00:00:00.000Z');
    expect(second!.at).toBe(Date.parse(NOON));
    expect(story.voucher!.time).toBe(Date.parse(NOON));
  });

  it('a definition judges no node, but a termination that revokes does so there and then', () => {
    const story = new Story();
    story.define(imported);
    story.submit('claim', NOON);
    const turning = {
      ...imported,
      nodes: { ...imported.nodes, terminate: { when: 'true', claims: 'revoke' as const } },
    };
    expect(types(story.define(turning))).toEqual(['defined']);
    expect(types(story.define(turning, 'terminated'))).toEqual(['defined', 'claim-revoked']);
    expect(story.events.at(-1)!.at).toBe(Date.parse(NOON));
  });

  it('ticks are nothing', () => {
    const story = new Story();
    story.define(imported);
    story.submit('claim', NOON);
    expect(story.tick(at('14:00'))).toEqual([]);
    expect(types(story.submit('claim', at('14:00'), { claimId: 'next' }))).toEqual(['claim-expired', 'claimed']);
  });
});

describe('much at once goes in slices', () => {
  const MANY = 2_500;

  /** Claims of one instant, straight into the state: a story of so many would be long. */
  function many(spec: Partial<VoucherSpecInput>): Story {
    const story = new Story();
    story.define(spec);
    story.submit('claim', NOON, { claimId: '00000' });
    for (let number = 1; number < MANY; number++) {
      const claimId = String(number).padStart(5, '0');
      story.knowledge.claims.set(claimId, { ...story.knowledge.claims.get('00000')!, claimId });
    }
    const { counters } = story.voucher!;
    story.voucher = { ...story.voucher!, counters: { ...counters, claimed: MANY, held: MANY } };
    return story;
  }

  function sliced(story: Story, input: Input): string[][] {
    const slices: string[][] = [];
    for (let more = true; more;) {
      const decision = decide(story.voucher, story.knowledge, input);
      story.voucher = decision.voucher;
      story.knowledge.record(decision.events);
      slices.push(types(decision.events));
      const { held, locked, claimed, expired, revoked, used } = decision.voucher!.counters;
      expect(held + locked + expired + revoked + used).toBe(claimed);
      if (story.voucher!.revoking) expect(decision.more).toBe(true);
      more = decision.more;
    }
    return slices;
  }

  const submission = (time: string): Input => ({
    type: 'submission',
    at: Date.parse(time),
    value: {
      kind: 'unlock',
      submissionId: 's',
      voucherId: 'voucher',
      at: time,
      asker: '',
      bodyHash: '',
      claimId: 'none',
      userId: 'alice',
      orderId: 'o',
    } satisfies Submission,
  });

  it('of what is due, the submission after the last', () => {
    const slices = sliced(many(hour), submission(at('13:00')));
    expect(slices.map(({ length }) => length)).toEqual([SLICE, SLICE, MANY - 2 * SLICE + 1]);
    expect(slices.flat().lastIndexOf('claim-expired')).toBe(MANY - 1);
    expect(slices.flat().at(-1)).toBe('unlock-refused');
  });

  it('of what a termination before the submission revokes', () => {
    const story = many({
      ...hour,
      nodes: { ...hour.nodes, terminate: { when: `now >= timestamp('${at('12:30')}')`, claims: 'revoke' } },
    });
    const slices = sliced(story, submission(at('12:30')));
    expect(slices.every(({ length }) => length <= SLICE)).toBe(true);
    expect([slices.flat()[0], slices.flat().at(-1)]).toEqual(['terminated', 'unlock-refused']);
    expect(slices.flat().filter((type) => type === 'claim-revoked')).toHaveLength(MANY);
    expect(liveClaims(story.voucher!)).toBe(0);
  });

  it('of what follows from the submission, whose verdict stands and tells how many follow', () => {
    const story = many({
      ...hour,
      nodes: { ...hour.nodes, terminate: { when: 'counters.refused.unlock.unreadable > 0', claims: 'revoke' } },
    });
    const slices = sliced(story, submission(at('12:30')));
    expect(slices.flat().filter((type) => type === 'unlock-refused')).toHaveLength(1);
    expect(slices[0]).toEqual(['unlock-refused', 'terminated']);
    expect(slices.flat()).toHaveLength(2 + MANY);
  });

  it('tells how many events follow a verdict, in this slice and the next', () => {
    const story = many({
      ...hour,
      nodes: { ...hour.nodes, terminate: { when: 'counters.refused.unlock.unreadable > 0', claims: 'revoke' } },
    });
    const { events } = decide(story.voucher, story.knowledge, submission(at('12:30')));
    expect(events[0]!.followedBy).toBe(1 + MANY);
  });

  it('of what staff revoke by terminating', () => {
    const revoking = { ...hour, nodes: { ...hour.nodes, terminate: { claims: 'revoke' as const } } };
    const story = many(revoking);
    const slices = sliced(story, {
      type: 'definition',
      at: Date.parse(at('12:30')),
      value: definitionOf(revoking, 2, 'terminated'),
    });
    expect(slices.flat().filter((type) => type === 'defined')).toHaveLength(1);
    expect(slices.flat().filter((type) => type === 'claim-revoked')).toHaveLength(MANY);
  });
});

describe('what cannot be judged', () => {
  it('gives no event where the voucher is not known', () => {
    const value = { kind: 'claim', submissionId: 's' } as Submission;
    expect(decide(undefined, new WholeKnowledge(), { type: 'submission', at: 0, value })).toEqual({
      events: [],
      voucher: undefined,
      more: false,
    });
  });

  it('gives no event where a definition is none', () => {
    const value = { voucherId: 'v', version: 1, spec: {} } as never;
    expect(decide(undefined, new WholeKnowledge(), { type: 'definition', at: 0, value }).events).toEqual([]);
  });

  it.each([
    ['rollback', { redemptionId: 'none' }],
    ['revoke', { claimId: 'none' }],
  ] as const)('of what does not exist is refused as unreadable: a %s with %j', (kind, fields) => {
    const story = new Story();
    story.define();
    expect(story.ask(kind, NOON, fields)).toBe('unreadable');
    expect(story.voucher!.counters.refused[kind]).toEqual({ unreadable: 1 });
  });
});
