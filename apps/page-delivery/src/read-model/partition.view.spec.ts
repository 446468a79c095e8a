import { describe, expect, it } from '@jest/globals';
import {
  begunAt,
  isCurrent,
  isFollowed,
  NEW,
  newestOf,
  saw,
  sightOf,
  wasRead,
  type PartitionView,
  type ReadTo,
  type Sight,
} from './partition.view.ts';

const SEEN_5: PartitionView = { seen: 5, lacking: 4, reflected: 3 };
const LEAPT: PartitionView = { ...SEEN_5, leapt: 9 };
const BEGUN = begunAt(NEW, 100n);

describe('an event', () => {
  it.each<[string, PartitionView, number, Sight, PartitionView]>([
    ['is the first that is seen, with any seq', NEW, 7, 'next', { ...NEW, seen: 7 }],
    ['follows the last one', SEEN_5, 6, 'next', { ...SEEN_5, seen: 6 }],
    ['is published again', SEEN_5, 5, 'again', SEEN_5],
    ['was seen long ago', SEEN_5, 1, 'again', SEEN_5],
    ['comes before one predecessor', SEEN_5, 7, 'missed', { ...SEEN_5, leapt: 7 }],
    ['comes before many predecessors', SEEN_5, 1_000, 'missed', { ...SEEN_5, leapt: 1_000 }],
    ['follows one that came too early, which so is confirmed', LEAPT, 10, 'next', { ...LEAPT, seen: 10 }],
    ['follows the last one in order, after an early one with a wrong seq', LEAPT, 6, 'next', { ...LEAPT, seen: 6 }],
    ['comes too early, and again', LEAPT, 9, 'missed', LEAPT],
    ['comes too early, after another early one', LEAPT, 8, 'missed', { ...LEAPT, leapt: 8 }],
  ])('%s', (_what, view, seq, sight, after) => {
    expect(sightOf(view, seq)).toBe(sight);
    expect(saw(view, seq)).toEqual(after);
  });
});

describe('a read of the read model', () => {
  it.each<[string, PartitionView, PartitionView, ReadTo, PartitionView]>([
    ['shows which event the read model lacks', NEW, NEW, { seq: 8, offset: 7 }, { ...NEW, lacking: 8 }],
    ['reflects events seen before it', SEEN_5, SEEN_5, { seq: 9, offset: 9 }, { seen: 5, lacking: 9, reflected: 5 }],
    ['reflects no event that it lacks', SEEN_5, SEEN_5, { seq: 5, offset: 4 }, { seen: 5, lacking: 5, reflected: 4 }],
    [
      'does not reflect events that were seen during the read',
      { ...SEEN_5, seen: 8 },
      SEEN_5,
      { seq: 9, offset: 9 },
      { seen: 8, lacking: 9, reflected: 5 },
    ],
    ['reflects nothing if nothing was seen', NEW, NEW, { seq: 9, offset: 9 }, { ...NEW, lacking: 9 }],
    ['that is older changes nothing', SEEN_5, SEEN_5, { seq: 2, offset: 1 }, SEEN_5],
    ['is before the waiter’s beginning', BEGUN, BEGUN, { seq: 9, offset: 99 }, { ...BEGUN, lacking: 9 }],
    [
      'is exactly at the waiter’s beginning: all events before it count as seen',
      BEGUN,
      BEGUN,
      { seq: 9, offset: 100 },
      { lacking: 9, reflected: 0, seen: 8 },
    ],
    ['is after the waiter’s beginning', BEGUN, BEGUN, { seq: 9, offset: 101 }, { lacking: 9, reflected: 0 }],
    [
      'is at the waiter’s beginning, after the waiter has seen more',
      saw(BEGUN, 10),
      BEGUN,
      { seq: 9, offset: 100 },
      { lacking: 9, reflected: 0, seen: 10 },
    ],
  ])('%s', (_what, view, atStart, readTo, after) => expect(wasRead(view, atStart, readTo)).toEqual(after));
});

describe('a voucher', () => {
  it.each<[string, PartitionView, number]>([
    ['before any event', NEW, 0],
    ['after some events', SEEN_5, 5],
    ['if earlier events were not seen', saw(BEGUN, 10), Infinity],
  ])('may have changed by the newest event: %s', (_what, view, newest) => expect(newestOf(view)).toBe(newest));

  it.each<[string, PartitionView, number, number, boolean]>([
    ['its newest event is read', SEEN_5, 5, 6, true],
    ['its newest event is the next', SEEN_5, 5, 5, false],
    ['its newest event is unknown', BEGUN, Infinity, 9, false],
    ['its newest event was unknown, and all events before the waiter’s beginning are read', SEEN_5, Infinity, 2, true],
  ])('is up to date if it is read: %s', (_what, view, newest, seq, is) =>
    expect(isCurrent(view, newest, { seq, offset: 0 })).toBe(is),
  );
});

it.each<[PartitionView, boolean]>([
  [NEW, true],
  [BEGUN, false],
  [wasRead(BEGUN, BEGUN, { seq: 1, offset: 100 }), true],
])('%j is followed: %s', (view, is) => expect(isFollowed(view)).toBe(is));
