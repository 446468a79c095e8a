import { expect, it } from '@jest/globals';
import { weekOf } from './week.ts';

it('hours without an event are 0, and the highest bar is the first of equal ones', () => {
  const week = weekOf(
    [
      { day: 'MO', hour: 23, claimed: 2, used: 0 },
      { day: 'SU', hour: 0, claimed: 2, used: 5 },
    ],
    'claimed',
  );
  expect(week.days.map(({ day, sum }) => `${day} ${sum}`)).toEqual([
    'MO 2',
    'TU 0',
    'WE 0',
    'TH 0',
    'FR 0',
    'SA 0',
    'SU 2',
  ]);
  expect(week.days[0]!.counts).toEqual([...Array<number>(23).fill(0), 2]);
  expect(week.highest).toEqual({ day: 'MO', hour: 23, count: 2 });
  expect(weekOf([], 'used').highest.count).toBe(0);
});
