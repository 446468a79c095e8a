import { describe, expect, it } from '@jest/globals';
import { newVoucher } from '../judge.ts';
import { definitionOf } from '../../testing/story.ts';
import { conditionOf } from './condition.ts';

const voucher = newVoucher(definitionOf());
const AT = Date.parse('2026-11-10T12:00:30.500Z');
const T = "timestamp('2026-11-20T00:00:00Z')";

/** The first turns of a condition. */
function turnsOf(when: string, count: number): (string | undefined)[] {
  const { turns } = conditionOf('terminate', when);
  const found: (string | undefined)[] = [];
  for (let at: number | undefined = AT; at !== undefined && found.length < count;) {
    at = turns.after(at);
    found.push(at === undefined ? undefined : new Date(at).toISOString());
  }
  return found;
}

describe('the turns of a condition', () => {
  it.each<[string, (string | undefined)[]]>([
    ['counters.claimed > 3', [undefined]],
    [`now > ${T}`, ['2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.001Z', undefined]],
    [`!(${T} <= now) || counters.claimed > 3`, ['2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.001Z', undefined]],
    ["now >= timestamp('2026-11-01T00:00:00Z')", [undefined]],
    [`now - ${T} > duration('24h')`, ['2026-11-21T00:00:00.000Z', '2026-11-21T00:00:00.001Z', undefined]],
    [
      `${T} - duration('1h') < now + duration('1h')`,
      ['2026-11-19T22:00:00.000Z', '2026-11-19T22:00:00.001Z', undefined],
    ],
    ["now.getHours('Asia/Shanghai') >= 9", ['2026-11-10T12:01:00.000Z', '2026-11-10T12:02:00.000Z']],
    ['now.getSeconds() == 7', ['2026-11-10T12:00:31.000Z', '2026-11-10T12:00:32.000Z']],
    ['int(now) % 2 == 0', ['2026-11-10T12:00:31.000Z', '2026-11-10T12:00:32.000Z']],
    [`(counters.claimed > 3 ? now : ${T}) > ${T}`, ['2026-11-10T12:00:31.000Z', '2026-11-10T12:00:32.000Z']],
    [
      `now.getDayOfWeek() == 0 && now > timestamp('2026-11-10T12:00:45Z')`,
      ['2026-11-10T12:00:45.000Z', '2026-11-10T12:00:45.001Z', '2026-11-10T12:01:00.000Z'],
    ],
  ])('%s', (when, turns) => {
    expect(turnsOf(when, turns.length)).toEqual(turns);
  });

  it.each([
    `now > ${T}`,
    `now == ${T}`,
    `now - ${T} >= duration('-90s') && now <= ${T}`,
    `[1, 2].exists(x, now > ${T} + duration('1ms')) != (now < ${T})`,
    "now.getMinutes('Asia/Kathmandu') % 2 == 0",
  ])('are complete: the answer is the same between two turns, %s', (when) => {
    const { holds, turns } = conditionOf('terminate', when);
    const until = Date.parse('2026-11-20T00:01:10.000Z');
    let from = Date.parse('2026-11-19T23:58:20.000Z');
    const answers = new Set<boolean>();
    while (from < until) {
      const answer = holds({ voucher, at: from });
      const to = Math.min(turns.after(from) ?? until, until);
      for (const at of [from + 1, from + Math.floor((to - from) / 3), to - 1])
        if (at > from && at < to) expect([at, holds({ voucher, at })]).toEqual([at, answer]);
      answers.add(answer);
      from = to;
    }
    expect(answers).toEqual(new Set([true, false]));
  });

  it('are fewer per search if the condition is costly', () => {
    const costly = `[${'1, '.repeat(90)}1].exists(x, [${'1, '.repeat(90)}1].exists(y, x + y > 2)) && now > ${T}`;
    expect(conditionOf('terminate', `now > ${T}`).turns.lookAhead).toBe(30);
    expect(conditionOf('terminate', costly).turns.lookAhead).toBeLessThan(3);
  });
});
