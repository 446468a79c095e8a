import { expect, it } from '@jest/globals';
import type { Voucher } from '@vouchers/contracts';
import { calendarOf } from './calendar.ts';

const day = (number: number): string => new Date(Date.UTC(2026, 10, number)).toISOString();
const voucher = (id: string, valid: [number, number], claim: [number, number], use: object): Voucher =>
  ({
    id,
    windows: {
      valid: { from: day(valid[0]), to: day(valid[1]) },
      claim: { from: day(claim[0]), to: day(claim[1]) },
      use,
    },
  }) as Voucher;

it('windows are placed between the first start and the last end', () => {
  const calendar = calendarOf(
    [
      voucher('a', [1, 11], [1, 6], { from: day(6), to: day(11) }),
      voucher('b', [6, 21], [6, 16], { afterClaim: { delay: 'PT0S', length: 'P7D' } }),
    ],
    Date.parse(day(11)),
  )!;
  expect(calendar.lines.map(({ claim, use }) => [claim, use])).toEqual([
    [
      { left: 0, width: 25 },
      { left: 25, width: 25 },
    ],
    [
      { left: 25, width: 50 },
      { left: 25, width: 75 },
    ],
  ]);
  expect(calendar.now).toBe(50);
});

it('now is not drawn outside, and nothing is drawn without vouchers', () => {
  const use = { from: day(1), to: day(2) };
  expect(calendarOf([voucher('a', [1, 2], [1, 2], use)], Date.parse(day(3)))?.now).toBeUndefined();
  expect(calendarOf([], 0)).toBeUndefined();
});
