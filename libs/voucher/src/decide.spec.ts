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

describe('due claims expire or unlock before a submission is decided', () => {
  it('in order of due time, then claim id, each at its due time; a claim unlocks before it expires', () => {
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
  ])('and before a tick is decided: %s', (time, expected) => {
    const story = new Story();
    story.define(hour);
    story.submit('claim', NOON);
    expect(types(story.tick(time))).toEqual(expected);
  });
});

describe('the voucher’s time', () => {
  it('never goes back: a submission with an earlier time is judged at the voucher’s time, but keeps its own', () => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON);
    const [event] = story.submit('lock', at('11:00'));
    expect(event).toMatchObject({ at: Date.parse(NOON), occurredAt: Date.parse(at('11:00')) });
    expect(story.voucher!.time).toBe(Date.parse(NOON));
  });

  it('moves with a tick only to the last event that the tick caused', () => {
    const story = new Story();
    story.define(hour);
    story.submit('claim', NOON);
    story.tick(at('12:30'));
    expect(story.voucher!.time).toBe(Date.parse(NOON));
    story.tick(at('13:30'));
    expect(story.voucher!.time).toBe(Date.parse(at('13:00')));
  });

  it('moves with a refusal and with a definition', () => {
    const story = new Story();
    story.define();
    story.submit('unlock', at('12:00'));
    expect(story.voucher!.time).toBe(Date.parse(at('12:00')));
    story.define({}, 'paused', at('13:00'));
    expect(story.voucher!.time).toBe(Date.parse(at('13:00')));
  });
});

describe('with `clock: "submissions"`', () => {
  const imported: Partial<VoucherSpecInput> = { ...hour, clock: 'submissions' };

  it('a definition happens at the voucher’s time and does not move it', () => {
    const story = new Story();
    const [first] = story.define(imported, 'published', '2027-01-01T00:00:00.000Z');
    expect(first!.at).toBe(Date.parse('2026-11-01T00:00:00.000Z'));
    expect(story.voucher!.time).toBe(0);
    story.submit('claim', NOON);
    const [second] = story.define(imported, 'paused', '2027-01-02T00:00:00.000Z');
    expect(second!.at).toBe(Date.parse(NOON));
    expect(story.voucher!.time).toBe(Date.parse(NOON));
  });

  it('a definition judges no node, but a termination by definition revokes claims at once', () => {
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

  it('ticks have no effect', () => {
    const story = new Story();
    story.define(imported);
    story.submit('claim', NOON);
    expect(story.tick(at('14:00'))).toEqual([]);
    expect(types(story.submit('claim', at('14:00'), { claimId: 'next' }))).toEqual(['claim-expired', 'claimed']);
  });
});

describe('many events of one input are written in slices', () => {
  const MANY = 2_500;

  /** Puts many claims of one instant directly into the state, because claiming them one by one is slow. */
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

  it('of due claims; the submission follows the last', () => {
    const slices = sliced(many(hour), submission(at('13:00')));
    expect(slices.map(({ length }) => length)).toEqual([SLICE, SLICE, MANY - 2 * SLICE + 1]);
    expect(slices.flat().lastIndexOf('claim-expired')).toBe(MANY - 1);
    expect(slices.flat().at(-1)).toBe('unlock-refused');
  });

  it('of claims that a termination before the submission revokes', () => {
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

  it('of claims revoked after the submission, whose verdict is final and counts the events that follow', () => {
    const story = many({
      ...hour,
      nodes: { ...hour.nodes, terminate: { when: 'counters.refused.unlock.unreadable > 0', claims: 'revoke' } },
    });
    const slices = sliced(story, submission(at('12:30')));
    expect(slices.flat().filter((type) => type === 'unlock-refused')).toHaveLength(1);
    expect(slices[0]).toEqual(['unlock-refused', 'terminated']);
    expect(slices.flat()).toHaveLength(2 + MANY);
  });

  it('and the verdict counts the events that follow it in this slice and the next', () => {
    const story = many({
      ...hour,
      nodes: { ...hour.nodes, terminate: { when: 'counters.refused.unlock.unreadable > 0', claims: 'revoke' } },
    });
    const { events } = decide(story.voucher, story.knowledge, submission(at('12:30')));
    expect(events[0]!.followedBy).toBe(1 + MANY);
  });

  it('of claims that staff revoke by terminating', () => {
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

describe('an input that cannot be judged', () => {
  it('gives no event if the voucher was never defined', () => {
    const value = { kind: 'claim', submissionId: 's' } as Submission;
    expect(decide(undefined, new WholeKnowledge(), { type: 'submission', at: 0, value })).toEqual({
      events: [],
      voucher: undefined,
      more: false,
    });
  });

  it('gives no event if it is a definition of the wrong shape', () => {
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
