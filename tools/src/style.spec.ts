// What conventions.md asks of every file, checked.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './places.ts';

/** Lines; a table of cases may be longer. */
const LONGEST = 300;
const LONGEST_SPEC = 400;
const SOURCES = ['*.ts', '*.mjs'];
/** Words that say nothing of what is in a file. */
const EMPTY_WORDS = ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'core', 'manager', 'misc'];

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', ...SOURCES],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter(Boolean);

/** Folder and file names, cut into words. */
const wordsOf = (file: string): string[] => file.split(/[/.\-_]/);

describe('every file', () => {
  it('is there to be looked at', () => {
    expect(files).toContain('tools/src/style.spec.ts');
  });

  it('is named for what it is', () => {
    expect(files.filter((file) => wordsOf(file).some((word) => EMPTY_WORDS.includes(word)))).toEqual([]);
  });

  it('has a name in kebab-case, with its role behind a dot', () => {
    expect(
      files.map((file) => basename(file)).filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|mjs)$/.test(name)),
    ).toEqual([]);
  });

  it(`is at most ${LONGEST} lines long, a spec ${LONGEST_SPEC}`, () => {
    const bound = (file: string) => (file.endsWith('.spec.ts') ? LONGEST_SPEC : LONGEST);
    expect(
      files.map((file) => ({ file, lines: lines(file) })).filter(({ file, lines }) => lines > bound(file)),
    ).toEqual([]);
  });
});

/** How long a file is; 0 for one that git still lists and that is gone. */
function lines(file: string): number {
  try {
    return readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length;
  } catch {
    return 0;
  }
}
