// What conventions.md asks of every file, checked.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './places.ts';

/** Lines: conventions.md says about 300. A table of cases may be longer. */
const LONGEST = 320;
const LONGEST_SPEC = 400;
/** Words that say nothing of what is in a file. */
const EMPTY_WORDS = ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'core', 'manager', 'misc'];

const files = ['apps', 'bench', 'libs', 'tools', 'e2e']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /\.(ts|mjs)$/.test(file) && !/(^|\/)(dist|node_modules|generated)\//.test(file));

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

const lines = (file: string): number => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length;
