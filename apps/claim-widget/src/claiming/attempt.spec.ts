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

const CLAIM = { request: 'claim' } as const;
const SENDING = { ...CLAIM, status: 'sending', since: 5, tries: 0 } as const;
const WAITING = { ...CLAIM, status: 'waiting', since: 5, tries: 1, location: '/v1/submissions/s' } as const;
const reply = (status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer<never> => ({
  type: 'answered',
  status,
  body: body as never,
  headers: new Headers(headers),
});

describe('a press', () => {
  it.each<[string, Attempt, Attempt]>([
    ['begins an attempt', NONE, { ...CLAIM, status: 'sending', since: 9, tries: 0 }],
    ['changes nothing while the request is sent', SENDING, SENDING],
    ['changes nothing while the decision is pending', WAITING, WAITING],
    ['ends the pause before a retry', { ...CLAIM, status: 'retrying', since: 5, tries: 3, forMs: 1 }, SENDING],
    ['repeats the attempt after failures', { ...CLAIM, status: 'failed', since: 5, tries: 0 }, SENDING],
    ['repeats the attempt if it was offline', { ...CLAIM, status: 'offline', since: 5, tries: 0 }, SENDING],
    [
      'begins another after a refusal',
      { ...CLAIM, status: 'refused', reason: 'paused' },
      { ...CLAIM, status: 'sending', since: 9, tries: 0 },
    ],
    [
      'begins another after a fault',
      { ...CLAIM, status: 'faulty' },
      { ...CLAIM, status: 'sending', since: 9, tries: 0 },
    ],
  ])('%s', (_what, before, after) => expect(pressed(before, 9, 'claim')).toEqual(after));
});

describe('the answer to a claim', () => {
  const claim = { id: 'c' };
  it.each<[string, Answer<never>, Attempt]>([
    ['201', reply(201, claim), { ...CLAIM, status: 'granted', claim: claim as never }],
    ['202', reply(202, {}, { location: '/v1/submissions/s' }), { ...WAITING, tries: 0 }],
    ['409', reply(409, { reason: 'sold-out' }), { ...CLAIM, status: 'refused', reason: 'sold-out' }],
    ['503', reply(503), { ...CLAIM, status: 'retrying', since: 5, tries: 1, forMs: 1_000 }],
    [
      '503 with Retry-After',
      reply(503, {}, { 'retry-after': '7' }),
      { ...CLAIM, status: 'retrying', since: 5, tries: 1, forMs: 7_000 },
    ],
    ['429', reply(429, {}, { 'retry-after': '3' }), { ...CLAIM, status: 'retrying', since: 5, tries: 1, forMs: 3_000 }],
    [
      'Retry-After beyond reason',
      reply(503, {}, { 'retry-after': '9999' }),
      { ...CLAIM, status: 'retrying', since: 5, tries: 1, forMs: 30_000 },
    ],
    ['400', reply(400), { ...CLAIM, status: 'faulty' }],
    ['422', reply(422), { ...CLAIM, status: 'faulty' }],
    ['no connection', { type: 'unreachable' }, { ...CLAIM, status: 'retrying', since: 5, tries: 1, forMs: 1_000 }],
    ['nobody signed in', { type: 'signed-out' }, { ...CLAIM, status: 'signed-out', since: 5, tries: 0 }],
  ])('%s', (_what, answer, after) => expect(answered(SENDING, answer, true)).toEqual(after));

  it.each(['join', 'leave', 'extend'] as const)('to %s has an entry or a claim', (request) => {
    const what = request === 'extend' ? 'claim' : 'entry';
    const granted = { status: 'granted', request, [what]: { id: 'e' } };
    expect(answered({ ...SENDING, request }, reply(200, { id: 'e' }), true)).toEqual(granted);
    const accepted = reply(200, { status: 'accepted', [what]: { id: 'e' } });
    expect(polled({ ...WAITING, request }, accepted)).toEqual(granted);
  });

  it('that is missing because of the network makes the attempt wait for it', () => {
    expect(answered(SENDING, { type: 'unreachable' }, false)).toEqual({
      ...CLAIM,
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
      attempt = { ...CLAIM, status: 'sending', since: after.since, tries: after.tries };
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
      { ...CLAIM, status: 'granted', claim: { id: 'c' } as never },
    ],
    [
      'refused',
      reply(200, { ...CLAIM, status: 'refused', reason: 'sold-out' }),
      { ...CLAIM, status: 'refused', reason: 'sold-out' },
    ],
    ['pending', reply(200, { status: 'pending' }), { ...WAITING, tries: 2 }],
    ['unknown', reply(404), { ...CLAIM, status: 'sending', since: 5, tries: 1 }],
    ['away', reply(503), { ...WAITING, tries: 2 }],
    ['unreachable', { type: 'unreachable' }, { ...WAITING, tries: 2 }],
    ['signed out', { type: 'signed-out' }, { ...CLAIM, status: 'signed-out', since: 5, tries: 0 }],
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
