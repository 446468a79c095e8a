// A rank as lines: the first condition that holds gives its number, and 0 is for all others.

export interface RankLine {
  /** CEL. */
  when: string;
  rank: number;
}

/** `user.tier == 'vip' ? 2 : user.age > 60 ? 1 : 0` */
export const celOf = (lines: readonly RankLine[]): string =>
  [...lines.map(({ when, rank }) => `${asOperand(when)} ? ${rank} : `), '0'].join('');

/** A condition with a choice of its own must stand in parentheses. */
const asOperand = (when: string): string => (partsOf(when).length > 1 ? `(${when})` : when);

/** The lines of a rank. Undefined if it is none, as when its last number is not 0. */
export function linesOf(cel: string): RankLine[] | undefined {
  const parts = partsOf(cel).map((part) => part.trim());
  if (parts.at(-1) !== '0') return undefined;
  const lines: RankLine[] = [];
  for (let index = 0; index < parts.length - 1; index += 2) {
    const [when = '', rank = ''] = parts.slice(index, index + 2);
    if (!/^-?\d{1,4}$/.test(rank) || when === '') return undefined;
    lines.push({ when, rank: Number(rank) });
  }
  // A rank that changes when it is written again is no list of lines.
  return blank(celOf(lines)) === blank(cel) ? lines : undefined;
}

const blank = (cel: string): string => cel.replace(/\s+/g, '');

/** Texts, brackets and the marks of a choice. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()[\]{}?:]/g;

/** Splits at each `?` and `:` that stands outside of texts and brackets. */
function partsOf(cel: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of cel.matchAll(TOKEN)) {
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    else if (depth === 0 && (token === '?' || token === ':')) {
      parts.push(cel.slice(from, index));
      from = index + 1;
    }
  }
  return [...parts, cel.slice(from)];
}
