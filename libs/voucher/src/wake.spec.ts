import { describe, expect, it } from '@jest/globals';
import type { Intent, VoucherSpecInput } from '@vouchers/contracts';
import { FROM, Story, TO } from '../testing/story.ts';
import { nextWake } from './wake.ts';

const BEFORE = '2026-10-01T00:00:00.000Z';
const NOON = '2026-11-10T12:00:00.000Z';
const TWENTIETH = '2026-11-20T00:00:00.000Z';
const clocked = { when: `now >= timestamp('${TWENTIETH}')` };
const late = { when: `now >= timestamp('${TO}')` };
const passed = { when: `now < timestamp('${BEFORE}') && counters.claimed > 0` };

describe('the next moment at which time alone may turn a node', () => {
  it.each<[string, Partial<VoucherSpecInput>, Intent, string, string | undefined, string | undefined]>([
    ['of a draft: never', {}, 'draft', BEFORE, undefined, undefined],
    ['before the valid window: its beginning', {}, 'published', BEFORE, undefined, FROM],
    ['inside it, not yet judged: at once', {}, 'published', NOON, undefined, NOON],
    [
      'inside it, judged without an event',
      { nodes: { enable: { when: 'counters.pushed > 0' } } },
      'published',
      NOON,
      NOON,
      undefined,
    ],
    [
      'as it begins, judged without an event',
      { nodes: { enable: { when: 'counters.pushed > 0' } } },
      'published',
      BEFORE,
      FROM,
      undefined,
    ],
    [
      'inside it, judged without an event, by the clock',
      { nodes: { enable: clocked } },
      'published',
      NOON,
      NOON,
      TWENTIETH,
    ],
    ['by the clock after the valid window', { nodes: { enable: late } }, 'published', NOON, NOON, undefined],
    [
      'terminating before it is enabled',
      { nodes: { enable: late, terminate: clocked } },
      'published',
      NOON,
      NOON,
      TWENTIETH,
    ],
    ['after it', {}, 'published', TO, undefined, undefined],
    ['paused', {}, 'paused', NOON, undefined, undefined],
    ['paused, terminating by the clock', { nodes: { terminate: clocked } }, 'paused', NOON, undefined, TWENTIETH],
    ['by a clock that has passed it', { nodes: { terminate: passed } }, 'published', NOON, NOON, undefined],
    ['on the clock of submissions: never', { clock: 'submissions' }, 'published', NOON, undefined, undefined],
  ])('%s', (_, spec, intent, definedAt, judgedAt, wake) => {
    const story = new Story();
    story.define(spec, intent, definedAt);
    const next = nextWake(story.voucher!, judgedAt === undefined ? undefined : Date.parse(judgedAt));
    expect(next === undefined ? undefined : new Date(next).toISOString()).toBe(wake);
  });

  it('does not exist for an enabled or terminated voucher', () => {
    const story = new Story();
    story.define();
    story.tick(NOON);
    expect(nextWake(story.voucher!)).toBeUndefined();
    story.define({}, 'terminated', NOON);
    expect(nextWake(story.voucher!)).toBeUndefined();
  });
});
