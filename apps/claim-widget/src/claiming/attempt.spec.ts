import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../platform/platform.client.ts';
import {
  answered,
  interrupted,
  isLate,
  isUndecided,
  NONE,
  polled,
  pollPauseMs,
  pressed,
  type Attempt,
} from './attempt.ts';

const SENDING = { status: 'sending', since: 5, tries: 0 } as const;
const WAITING = { status: 'waiting', since: 5, tries: 1, location: '/v1/submissions/s' } as const;
const reply = (status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer<never> => ({
  type: 'answered',
  status,
  body: body as never,
  headers: new Headers(headers),
});

describe('a press', () => {
  it.each<[string, Attempt, Attempt]>([
    ['begins an attempt', NONE, { status: 'sending', since: 9, tries: 0 }],
    ['changes nothing while the request is sent', SENDING, SENDING],
    ['changes nothing while the decision is pending', WAITING, WAITING],
    ['ends the pause before a retry', { status: 'retrying', since: 5, tries: 3, forMs: 1 }, SENDING],
    ['repeats the attempt after failures', { status: 'failed', since: 5, tries: 0 }, SENDING],
    ['repeats the attempt if it was offline', { status: 'offline', since: 5, tries: 0 }, SENDING],
    [
      'begins another after a refusal',
      { status: 'refused', reason: 'paused' },
      { status: 'sending', since: 9, tries: 0 },
    ],
    ['begins another after a fault', { status: 'faulty' }, { status: 'sending', since: 9, tries: 0 }],
  ])('%s', (_what, before, after) => expect(pressed(before, 9)).toEqual(after));
});

describe('the answer to a claim', () => {
  const claim = { id: 'c' };
  it.each<[string, Answer<never>, Attempt]>([
    ['201', reply(201, claim), { status: 'claimed', claim: claim as never }],
    ['202', reply(202, {}, { location: '/v1/submissions/s' }), { ...WAITING, tries: 0 }],
    ['409', reply(409, { reason: 'sold-out' }), { status: 'refused', reason: 'sold-out' }],
    ['503', reply(503), { status: 'retrying', since: 5, tries: 1, forMs: 1_000 }],
    [
      '503 with Retry-After',
      reply(503, {}, { 'retry-after': '7' }),
      { status: 'retrying', since: 5, tries: 1, forMs: 7_000 },
    ],
    ['429', reply(429, {}, { 'retry-after': '3' }), { status: 'retrying', since: 5, tries: 1, forMs: 3_000 }],
    [
      'Retry-After beyond reason',
      reply(503, {}, { 'retry-after': '9999' }),
      { status: 'retrying', since: 5, tries: 1, forMs: 30_000 },
    ],
    ['400', reply(400), { status: 'faulty' }],
    ['422', reply(422), { status: 'faulty' }],
    ['no connection', { type: 'unreachable' }, { status: 'retrying', since: 5, tries: 1, forMs: 1_000 }],
    ['nobody signed in', { type: 'signed-out' }, { status: 'signed-out', since: 5, tries: 0 }],
  ])('%s', (_what, answer, after) => expect(answered(SENDING, answer, true)).toEqual(after));

  it('that is missing because of the network makes the attempt wait for it', () => {
    expect(answered(SENDING, { type: 'unreachable' }, false)).toEqual({
      status: 'offline',
      since: 5,
      tries: 0,
    });
  });

  it('is retried five times with growing pauses, and then after a press', () => {
    const pauses: number[] = [];
    let attempt: Attempt = SENDING;
    while (attempt.status === 'sending') {
      const after: Attempt = answered(attempt, reply(503), true);
      if (after.status !== 'retrying') {
        attempt = after;
        break;
      }
      pauses.push(after.forMs);
      attempt = { status: 'sending', since: after.since, tries: after.tries };
    }
    expect([pauses, attempt.status, isUndecided(attempt)]).toEqual([
      [1_000, 2_000, 4_000, 8_000, 16_000],
      'failed',
      true,
    ]);
  });
});

describe('a poll', () => {
  it.each<[string, Answer<never>, Attempt]>([
    [
      'accepted',
      reply(200, { status: 'accepted', claim: { id: 'c' } }),
      { status: 'claimed', claim: { id: 'c' } as never },
    ],
    ['refused', reply(200, { status: 'refused', reason: 'sold-out' }), { status: 'refused', reason: 'sold-out' }],
    ['pending', reply(200, { status: 'pending' }), { ...WAITING, tries: 2 }],
    ['unknown', reply(404), { status: 'sending', since: 5, tries: 1 }],
    ['away', reply(503), { ...WAITING, tries: 2 }],
    ['unreachable', { type: 'unreachable' }, { ...WAITING, tries: 2 }],
    ['signed out', { type: 'signed-out' }, { status: 'signed-out', since: 5, tries: 0 }],
  ])('%s', (_what, answer, after) => expect(polled(WAITING, answer)).toEqual(after));

  it('comes at 0.5, 1, 2, 4, then every 5 s', () => {
    expect([0, 1, 2, 3, 4, 50].map(pollPauseMs)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });
});

it('an attempt that waits for its decision still waits without a network', () =>
  expect(interrupted(WAITING, 'offline')).toBe(WAITING));

it.each([
  [5 + 59_999, false],
  [5 + 60_000, true],
])('at %d ms, late is %s', (now, late) => expect(isLate(WAITING, now)).toBe(late));
