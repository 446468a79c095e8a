import { describe, expect, it } from '@jest/globals';
import type { TFunction } from 'i18next';
import { formatMoment, VIEWER_ZONE } from '../parts/moment.ts';
import { detailShown } from './check-detail.ts';

/** The moment of these sentences, as the viewer's clock shows it. */
const AT = `${formatMoment('2026-01-01T00:00:00Z', 'second')} ${VIEWER_ZONE}`;

const t = ((key: string, values?: Record<string, string>) =>
  `${key} ${Object.values(values ?? {})
    .filter(Boolean)
    .join(' ')}`.trim()) as unknown as TFunction;

describe('the reason why a check failed is translated', () => {
  it.each([
    ['the condition is false', 'reasons.detail.isFalse'],
    ['the condition cannot be read', 'reasons.detail.unparsed'],
    ['the condition is never true', 'reasons.detail.isNever'],
    ['order.amount would have to be 1200 more (>= 3000)', 'reasons.detail.more order.amount 1200 >= 3000'],
    ['counters.claimed would have to be 1 less (< 5)', 'reasons.detail.less counters.claimed 1 < 5'],
    ['the condition cannot be evaluated: missing: user.age', 'reasons.detail.missing user.age'],
    ['the condition cannot be evaluated: types do not fit: user.age > 3', 'reasons.detail.mistyped user.age > 3'],
    ['the condition cannot be evaluated: something: x', 'reasons.detail.faulty something: x'],
    ['0 of 20 units are free', 'reasons.detail.noneFree 20'],
    ['at most 1 a user', 'reasons.detail.perUser 1'],
    ['200 of 5000 EUR are left', 'reasons.detail.budgetLeft €2 €50'],
    ['takes off EUR', 'reasons.detail.takesOff EUR'],
    ['used 2 times of 2', 'reasons.detail.used 2 2'],
    ['locked until 2026-01-01T00:00:00.000Z', `reasons.detail.locked ${AT}`],
    ['rolled back at 2026-01-01T00:00:00.000Z', `reasons.detail.rolledBack ${AT}`],
    ['closed since 2026-01-01T00:00:00.000Z', `reasons.detail.closedSince ${AT}`],
    ['opens at 2026-01-01T00:00:00.000Z', `reasons.detail.opensAt ${AT}`],
    ['does not open again before its end at 2026-01-01T00:00:00.000Z', `reasons.detail.opensNever ${AT}`],
    ['all units are free', 'reasons.detail.allFree'],
    ['7 units are free', 'reasons.detail.unitsFree 7'],
    ['at most 50 wait', 'reasons.detail.atMostWait 50'],
    ['the condition is false; goods of version 3', 'reasons.detail.isFalse; reasons.detail.goodsOf 3'],
    ['something new', 'something new'],
  ])('%s', (detail, shown) => expect(detailShown(detail, t, 'en')).toBe(shown));

  it('an amount is shown in its currency', () =>
    expect(detailShown('order.amount would have to be 1200 more (>= 3000)', t, 'en', 'CNY')).toBe(
      'reasons.detail.more order.amount CN¥12 >= CN¥30',
    ));
});
