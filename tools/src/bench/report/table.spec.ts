import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Figure } from '../bench.ts';
import { ROOT } from '../../places.ts';
import { rowsOf, withRows } from './table.ts';

const ORDER = ['P1', 'P6', 'memory'];
const DOCUMENT = readFileSync(join(ROOT, 'docs', 'performance.md'), 'utf8');
const figure = (changes: Partial<Figure> = {}): Figure => ({
  id: 'P1',
  what: 'this ÷ that',
  values: [14, 11, 13],
  goal: { sense: 'at least', target: 12, stretch: 20 },
  ours: '100/s',
  baseline: '9/s',
  ...changes,
});

describe('the table of figures', () => {
  it('shows median, bounds, goal and time', () => {
    expect(rowsOf([figure()], 'today')).toEqual([
      ['P1', 'this ÷ that', '**13 ×** (11 – 14)', '≥ 12', '≥ 20', '100/s', '9/s', '', 'today'],
    ]);
  });

  it.each([
    ['at least', [11], true],
    ['at least', [12], false],
    ['at most', [13], true],
    ['at most', [12], false],
  ] as const)('marks a missed target: %s 12, seen %j', (sense, values, missed) => {
    const [row] = rowsOf([figure({ values, goal: { sense, target: 12, stretch: 20 } })], '');
    expect(row![2]!.endsWith('not reached')).toBe(missed);
  });

  it('has a row for a figure that could not be taken, with the reason', () => {
    const [row] = rowsOf([{ id: 'P6', failed: 'the ledger stands still\n  at …' }], 'today');
    expect(row!.slice(0, 2)).toEqual(['P6', 'failed: the ledger stands still']);
  });

  it('stands between its markers, and the rest of the document stays', () => {
    const written = withRows(DOCUMENT, 'a machine', rowsOf([figure()], 'today'), ORDER);
    const [before, after] = [DOCUMENT.split('<!-- figures')[0], DOCUMENT.split('end of figures -->')[1]];
    expect(written.startsWith(before!)).toBe(true);
    expect(written.endsWith(after!)).toBe(true);
    expect(written).toContain('Ran on: a machine.');
    expect(withRows(written, 'a machine', rowsOf([figure()], 'today'), ORDER)).toBe(written);
  });

  it('keeps the rows of figures that were not measured this time, if the machine is the same', () => {
    const first = rowsOf([figure({ id: 'P6 new', what: 'a | b' }), figure({ id: 'P6 giant' })], 'yesterday');
    const before = withRows(DOCUMENT, 'a machine', first, ORDER);
    const both = withRows(before, 'a machine', rowsOf([figure()], 'today'), ORDER);
    expect(idsIn(both)).toEqual(['P1', 'P6 new', 'P6 giant']);
    expect(both).toContain('a \\| b');
    expect(idsIn(withRows(before, 'another', rowsOf([figure()], 'today'), ORDER))).toEqual(['P1']);
  });

  it('replaces all rows of a figure that was measured again', () => {
    const before = withRows(DOCUMENT, 'a machine', rowsOf([figure({ id: 'P6 new' })], 'yesterday'), ORDER);
    const after = withRows(before, 'a machine', rowsOf([{ id: 'P6', failed: 'why' }], 'today'), ORDER);
    expect(idsIn(after)).toEqual(['P6']);
  });

  it('needs its markers', () => {
    expect(() => withRows('# Performance', 'a machine', [], ORDER)).toThrow('lacks the markers');
  });
});

/** The first cell of each row. */
const idsIn = (document: string): string[] =>
  document
    .split('<!-- figures')[1]!
    .split('end of figures -->')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split(' | ')[0]!.slice(2));
