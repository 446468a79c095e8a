// Simulations of a past that was not kept whole, and of one with more events at once than fit a slice.
import { describe, expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { leaveForgotten } from '../forgetting.ts';
import { rowsOf, simulated } from '../../testing/recorded.ts';
import { definitionOf, FROM, Story, TO } from '../../testing/story.ts';
import { MemoryRecords } from './memory-records.ts';
import type { RecordedRow, SimulationResult } from './question.ts';
import { simulate } from './simulate.ts';

type Done = Extract<SimulationResult, { state: 'done' }>;
const day = (number: number, time = '12:00'): string => `2026-11-${String(number).padStart(2, '0')}T${time}:00.000Z`;
const until = Date.parse(TO);

/** Simulates rows under a spec, and expects that it comes to an end. */
async function whatIf(rows: RecordedRow[], spec: Partial<VoucherSpecInput>, at = until) {
  const { result, differences } = await simulated(rows, { spec: definitionOf(spec).spec, at });
  expect(result).toMatchObject({ state: 'done', identity: { differences: 0 } });
  const told = differences.map(({ kind, was, would, class: of }) => {
    return `${kind}: ${was.reason ?? was.verdict} -> ${would.reason ?? would.verdict} (${of})`;
  });
  return { result: result as Done, told };
}

function used(spec: Partial<VoucherSpecInput> = {}): Story {
  const story = new Story();
  story.define(spec);
  for (const user of ['ann', 'bob', 'cat'])
    story.submit('claim', day(2), { claimId: `claim-${user}`, userId: user, attributes: { tier: 'gold' } });
  story.submit('lock', day(3), { claimId: 'claim-ann', userId: 'ann', ttlSeconds: 600 });
  story.submit('redemption', day(3), { claimId: 'claim-ann' });
  story.submit('rollback', day(4), { claimId: 'claim-ann' });
  story.submit('release', day(5), { claimId: 'claim-bob', userId: 'bob' });
  return story;
}

describe('decisions that an earlier release recorded', () => {
  const old = (story: Story): RecordedRow[] => rowsOf(story.events).map((row) => ({ ...row, submission: null }));

  it('are taken as they were and are unobserved', async () => {
    const { result, told } = await whatIf(old(used()), {});
    expect(result.identity.decisions).toBe(0);
    expect([told, result.classes]).toEqual([[], { exact: 0, consequent: 0, unobserved: 7, moot: 0 }]);
    expect(result.was).toMatchObject({ claimed: 3, held: 2, released: 1, rolledBack: 1 });
    expect(result.would).toMatchObject({ claimed: 3, expired: 2, released: 1, rolledBack: 1 });
  });

  it('a grant stays unless units or uses are out; what it asked about may be gone', async () => {
    const { result, told } = await whatIf(old(used()), {
      quantities: { claim: 2, redeem: 1 },
      nodes: { claim: { when: 'false' } },
    });
    expect(told).toEqual(['claim: granted -> sold-out (unobserved)']);
    expect(result.would).toMatchObject({ claimed: 2, refused: { claim: { 'sold-out': 1 } } });
    const rows = old(used({ quantities: { claim: 1 } }));
    expect((await whatIf(rows, { quantities: { claim: 9 } })).told).toEqual([]);
  });
});

describe('a user who was forgotten', () => {
  const ID = 'forgotten-1';
  const blanked = (story: Story): RecordedRow[] =>
    rowsOf(story.events).map((row) => {
      const isOwn = row.data.includes('"userId":"ann"');
      return isOwn ? { ...row, facts: null, data: row.data.replaceAll('"ann"', `"${ID}"`) } : row;
    });

  it('has unobserved decisions; those of others are decided again', async () => {
    const { result, told } = await whatIf(blanked(used()), { nodes: { claim: { when: "user.id == 'bob'" } } });
    expect(told).toEqual(['claim: granted -> claim-rule (exact)']);
    expect([result.classes.unobserved, result.identity.decisions]).toEqual([4, 3]);
  });

  it('leaves the waiting list in both worlds, at the same place', async () => {
    const story = new Story();
    const spec = { quantities: { claim: 1 }, waitingList: {} };
    story.define(spec);
    story.submit('claim', day(2), { claimId: 'claim-bob', userId: 'bob' });
    story.submit('join', day(3), { userId: 'ann' });
    const decision = leaveForgotten(story.voucher!, story.knowledge, 'ann', Date.parse(day(4)));
    story.voucher = decision.voucher;
    story.knowledge.record(decision.events);
    story.events.push(...decision.events);
    story.submit('release', day(5), { claimId: 'claim-bob', userId: 'bob' });
    const { result, told } = await whatIf(blanked(story), spec);
    expect(told).toEqual([]);
    expect(result.would).toMatchObject({ left: 1, waiting: 0, offered: 0, lapsed: 0 });
  });
});

describe('much at once', () => {
  /** 2,500 claims that expire at one instant, and one who waits for each unit of a slice. */
  function crowd(): Story {
    const story = new Story();
    const count = 2_500;
    story.define({ quantities: { claim: count }, waitingList: {}, nodes: { claim: { perUser: null } } });
    for (let number = 0; number < count; number += 1)
      story.submit('claim', day(2), { claimId: `claim-${number}`, userId: `user-${number % 3}` });
    for (let number = 0; number < 5; number += 1)
      story.submit('join', day(3), { entryId: `entry-${number}`, userId: `waiting-${number}` });
    return story;
  }

  it('comes in slices, between which the caller may stop', async () => {
    const { windows } = definitionOf().spec;
    const spec = definitionOf({
      quantities: { claim: 2_500 },
      waitingList: {},
      nodes: { claim: { perUser: null } },
      windows: { ...windows, use: { afterClaim: { delay: 'PT0S', length: 'P2D' } } },
    }).spec;
    const rows = rowsOf(crowd().events);
    const { result } = await simulated(rows, { spec, at: until });
    const { would, series } = result as Done;
    expect(would).toMatchObject({ claimed: 2_500, expired: 2_500, joined: 5, lapsed: 5, waiting: 0 });
    expect(series.length).toBeLessThanOrEqual(200);
    expect(series[0]!.at).toBe(FROM);

    let isClosed = false;
    const pages = (function* () {
      try {
        for (const row of rows) yield [row];
      } finally {
        isClosed = true;
      }
    })();
    const worlds = { was: new MemoryRecords(), would: new MemoryRecords() };
    const running = simulate({ spec, at: until }, pages, worlds);
    const first = await running.next();
    expect(first).toMatchObject({ done: false, value: { differences: [] } });
    await running.return(undefined as never);
    expect([isClosed, await running.next()]).toEqual([true, { done: true, value: undefined }]);
  });
});
