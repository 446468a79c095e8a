import { describe, expect, it } from '@jest/globals';
import { cellsOf, withCell } from './week-grid.ts';

describe('hours as a grid', () => {
  it('are open from their start until just before their end', () => {
    const [monday, tuesday] = cellsOf([{ days: ['MO'], from: '10:00', to: '12:30' }]);
    expect(monday!.slice(9, 14)).toEqual(['closed', 'open', 'open', 'part', 'closed']);
    expect(new Set(tuesday)).toEqual(new Set(['closed']));
  });

  it('may cross midnight, also from Sunday to Monday', () => {
    const week = cellsOf([{ days: ['SU'], from: '22:00', to: '02:00' }]);
    expect([week[6]![21], week[6]![22], week[6]![23]]).toEqual(['closed', 'open', 'open']);
    expect([week[0]![0], week[0]![1], week[0]![2]]).toEqual(['open', 'open', 'closed']);
  });

  it('may end at 24:00', () => expect(cellsOf([{ days: ['MO'], from: '23:00', to: '24:00' }])[0]![23]).toBe('open'));

  it('end with the day if they end at 00:00', () => {
    const week = cellsOf([{ days: ['MO'], from: '23:00', to: '00:00' }]);
    expect([week[0]![23], week[1]![0]]).toEqual(['open', 'closed']);
  });
});

describe('a cell', () => {
  const office = [{ days: ['MO' as const, 'TU' as const], from: '09:00', to: '17:00' }];

  it('that is opened beside open hours extends their entry; equal days share one entry', () => {
    const longer = withCell(withCell(office, 0, 17, true), 1, 17, true);
    expect(longer).toEqual([{ days: ['MO', 'TU'], from: '09:00', to: '18:00' }]);
  });

  it('that is closed in the middle leaves two entries', () =>
    expect(withCell([{ days: ['MO'], from: '09:00', to: '17:00' }], 0, 12, false)).toEqual([
      { days: ['MO'], from: '09:00', to: '12:00' },
      { days: ['MO'], from: '13:00', to: '17:00' },
    ]));

  it('does not change the minutes of other cells', () =>
    expect(withCell([{ days: ['MO'], from: '09:30', to: '10:30' }], 0, 20, true)).toEqual([
      { days: ['MO'], from: '09:30', to: '10:30' },
      { days: ['MO'], from: '20:00', to: '21:00' },
    ]));

  it('at the end of the day ends at 24:00', () =>
    expect(withCell([], 3, 23, true)).toEqual([{ days: ['TH'], from: '23:00', to: '24:00' }]));

  it('that is opened and closed again changes nothing', () =>
    expect(cellsOf(withCell(withCell(office, 4, 3, true), 4, 3, false))).toEqual(cellsOf(office)));
});
