import { describe, expect, it } from '@jest/globals';
import type { TFunction } from 'i18next';
import { detailShown } from './check-detail.ts';

const t = ((key: string, values?: Record<string, string>) =>
  `${key} ${Object.values(values ?? {}).join(' ')}`.trim()) as unknown as TFunction;

describe('the reason why a check failed is translated', () => {
  it.each([
    ['the condition is false', 'reasons.detail.isFalse'],
    ['the condition is never true', 'reasons.detail.isNever'],
    ['order.amount would have to be 1200 more (>= 3000)', 'reasons.detail.more order.amount 1200 >= 3000'],
    ['counters.claimed would have to be 1 less (< 5)', 'reasons.detail.less counters.claimed 1 < 5'],
    ['the condition cannot be evaluated: No such key: age', 'reasons.detail.faulty No such key: age'],
    ['0 of 20 units are free', 'reasons.detail.noneFree 20'],
    ['at most 1 a user', 'reasons.detail.perUser 1'],
    ['used 2 times of 2', 'reasons.detail.used 2 2'],
    ['locked until 2026-01-01T00:00:00Z', 'reasons.detail.locked 2026-01-01T00:00:00Z'],
    ['something new', 'something new'],
  ])('%s', (detail, shown) => expect(detailShown(detail, t)).toBe(shown));
});
