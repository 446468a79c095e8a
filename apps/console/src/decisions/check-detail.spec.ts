import { describe, expect, it } from '@jest/globals';
import type { TFunction } from 'i18next';
import { detailShown } from './check-detail.ts';

const t = ((key: string, values?: Record<string, string>) =>
  values ? `${key} ${Object.values(values).join(' ')}` : key) as unknown as TFunction;

describe('why a check failed is said in the language in use', () => {
  it.each([
    ['the condition is false', 'reasons.detail.isFalse'],
    ['the condition is never true', 'reasons.detail.isNever'],
    ['order.amount would have to be 1200 more (>= 3000)', 'reasons.detail.more order.amount 1200 >= 3000'],
    ['counters.claimed would have to be 1 less (< 5)', 'reasons.detail.less counters.claimed 1 < 5'],
    ['the condition cannot be evaluated: No such key: age', 'reasons.detail.faulty No such key: age'],
    ['something new', 'something new'],
  ])('%s', (detail, shown) => expect(detailShown(detail, t)).toBe(shown));
});
