import { expect, it } from '@jest/globals';
import { csvLine } from './csv.ts';

it.each<[unknown, string]>([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  [12, '12'],
  [-3, '-3'],
  ['-1.5', '-1.5'],
  [undefined, ''],
  [null, ''],
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['@sum', "'@sum"],
  ['-a', "'-a"],
  ['满100减20', '满100减20'],
  [{ a: 1 }, '"{""a"":1}"'],
])('%j is the cell %s', (value, cell) => expect(csvLine([value, 'x'])).toBe(`${cell},x\r\n`));
