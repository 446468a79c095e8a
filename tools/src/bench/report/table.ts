// Writes the table of figures into docs/performance.md between two markers. The text around it is written by hand.
import type { Figure } from '../bench.ts';
import { shown, spread } from '../samples.ts';

const BEGIN = '<!-- figures: npm run bench writes what stands between these markers -->';
const END = '<!-- end of figures -->';
const HEADINGS = [
  '#',
  'what',
  'median (min – max)',
  'target',
  'stretch',
  'ours',
  'compared with',
  'also seen',
  'taken',
];

/** A figure, or the reason why there is none. */
export type Result = Figure | { readonly id: string; readonly failed: string };

/** The results as cells. `taken`: the time and the commit. */
export const rowsOf = (results: readonly Result[], taken: string): string[][] =>
  results.map((result) => {
    if ('failed' in result)
      return [result.id, `failed: ${result.failed.split('\n', 1)[0]}`, '', '', '', '', '', '', taken];
    const { id, what, ours, baseline, seen = '' } = result;
    return [id, what, value(result), goal(result, 'target'), goal(result, 'stretch'), ours, baseline, seen, taken];
  });

/** Puts these rows into the document. Rows of figures that were not measured stay if the machine is the same. */
export function withRows(
  document: string,
  machine: string,
  rows: readonly string[][],
  order: readonly string[],
): string {
  const [before, block, after] = parts(document);
  const line = `Ran on: ${machine}.`;
  const asked = new Set(rows.map(wordOf));
  const kept = block.includes(line) ? tableIn(block).filter((row) => !asked.has(wordOf(row))) : [];
  const place = (row: readonly string[]): number => order.indexOf(wordOf(row));
  const all = [...kept, ...rows].toSorted((a, b) => place(a) - place(b));
  return `${before}${BEGIN}\n\n${line}\n\n${markdown(all)}\n\n${END}${after}`;
}

/** The id that a row was asked for by: `P6 giant` belongs to P6. */
const wordOf = ([id]: readonly string[]): string => id!.split(' ', 1)[0]!;

/** The rows as a Markdown table. */
export const markdown = (rows: readonly string[][]): string =>
  [HEADINGS, HEADINGS.map(() => '---'), ...rows.map((row) => row.map(escaped))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** The rows for a terminal: one paragraph per figure. */
export const paragraphs = (rows: readonly string[][]): string =>
  rows
    .map(([id, what, median, target, stretch, ours, baseline, seen]) =>
      [
        `${id}  ${what}`,
        median && `    ${median}${target && `   target ${target}, stretch ${stretch}`}`,
        ours && `    ours ${ours}${baseline && `; compared with ${baseline}`}`,
        seen && `    ${seen}`,
      ]
        .filter(Boolean)
        .join('\n'),
    )
    .join('\n');

function value({ values, unit = '×', goal }: Figure): string {
  const { median, min, max } = spread(values);
  const mark = goal && !reached(median, goal) ? ' – not reached' : '';
  return `**${shown(median)} ${unit}** (${shown(min)} – ${shown(max)})${mark}`;
}

function goal({ goal: wanted, unit }: Figure, which: 'target' | 'stretch'): string {
  if (!wanted) return '';
  return `${wanted.sense === 'at least' ? '≥' : '≤'} ${wanted[which]}${unit ? ` ${unit}` : ''}`;
}

const reached = (median: number, { sense, target }: NonNullable<Figure['goal']>): boolean =>
  sense === 'at least' ? median >= target : median <= target;

function parts(document: string): [before: string, block: string, after: string] {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from === -1 || to < from) throw new Error('docs/performance.md lacks the markers of its figures');
  return [document.slice(0, from), document.slice(from, to), document.slice(to + END.length)];
}

const tableIn = (block: string): string[][] =>
  block
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replaceAll('\\|', '|')),
    );

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');
