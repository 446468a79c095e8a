import { describe, expect, it } from '@jest/globals';
import { MOST_GOODS, readGoods } from './goods-csv.ts';

describe('goods as CSV', () => {
  it('are read with a heading, quotes, other delimiters and a byte order mark', () => {
    expect(readGoods('\ufeffSKU,name\nA-1,"Tea, green"\r\nA-2\n')).toEqual({
      goods: [{ sku: 'A-1', name: 'Tea, green' }, { sku: 'A-2' }],
      faults: [],
    });
    expect(readGoods('A-1;茶, grün\nA-2;b').goods).toEqual([
      { sku: 'A-1', name: '茶, grün' },
      { sku: 'A-2', name: 'b' },
    ]);
    expect(readGoods('sep=;\r\n货号;名称\r\nA-1;茶').goods).toEqual([{ sku: 'A-1', name: '茶' }]);
    expect(readGoods('"A,1"\tTea').goods).toEqual([{ sku: 'A,1', name: 'Tea' }]);
  });

  it('have faulty rows named by line; blank lines and lines within quotes count', () => {
    const { goods, faults } = readGoods(
      `sku,name\n\n,nameless\nA,x,y\n"B","two\nlines"\n${'s'.repeat(201)}\nB,again\nC,${'n'.repeat(201)}\nD`,
    );
    expect(goods).toEqual([{ sku: 'B', name: 'two\nlines' }, { sku: 'D' }]);
    expect(faults).toEqual([
      { line: 3, fault: 'no-sku' },
      { line: 4, fault: 'too-many-columns' },
      { line: 7, fault: 'sku-too-long' },
      { line: 8, fault: 'repeated' },
      { line: 9, fault: 'name-too-long' },
    ]);
  });

  it('may be 200 characters long, even if a character takes two UTF-16 units', () => {
    const long = '🍵'.repeat(200);
    expect(readGoods(`${long},${long}`)).toEqual({ goods: [{ sku: long, name: long }], faults: [] });
  });

  it.each([
    [MOST_GOODS, 0],
    [MOST_GOODS + 1, 1],
  ])('of %i rows %i are too many', (count, tooMany) => {
    const { goods, faults } = readGoods(Array.from({ length: count }, (_, index) => `s-${index}`).join('\n'));
    expect(goods).toHaveLength(MOST_GOODS);
    expect(faults).toEqual(tooMany ? [{ line: MOST_GOODS + 1, fault: 'too-many-goods' }] : []);
  });

  it('name the line from which on a file is not CSV', () =>
    expect(readGoods('A\n"B')).toMatchObject({ goods: [], unreadable: { line: 2 } }));
});
