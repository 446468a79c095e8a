// Checks the rules of conventions.md that every file must keep.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './places.ts';

/** Unit: lines. conventions.md says about 300; a table of cases may be longer. */
const LONGEST = 320;
const LONGEST_SPEC = 400;
/** Words that do not say what is in a file. */
const EMPTY_WORDS = ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'core', 'manager', 'misc'];

/** Openings of comments that make a reader guess the noun. */
const HEADLESS = ['What', 'Whatever', 'Who', 'Whom', 'Whoever', 'Whose', 'Those', 'Of'];

const files = ['apps', 'bench', 'libs', 'tools', 'e2e']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /\.(tsx?|mjs)$/.test(file) && !/(^|\/)(dist|node_modules|generated)\//.test(file));

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
      files.map((file) => basename(file)).filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.(tsx?|mjs)$/.test(name)),
    ).toEqual([]);
  });

  it(`is at most ${LONGEST} lines long, a spec ${LONGEST_SPEC}`, () => {
    const bound = (file: string) => (file.endsWith('.spec.ts') ? LONGEST_SPEC : LONGEST);
    expect(
      files.map((file) => ({ file, lines: lines(file) })).filter(({ file, lines }) => lines > bound(file)),
    ).toEqual([]);
  });
});

it('a fault that a service tells has a code, so that clients can word it', () => {
  const services = /^(apps\/(config|ledger|page-delivery)|libs\/(service|voucher))\/src\//;
  const told = files
    .filter((file) => services.test(file) && !file.endsWith('.spec.ts'))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(/\{\s*pointer[:,][^{}]*\bmessage\b[^{}]*\}/g),
    ]);
  expect(told.length).toBeGreaterThan(0);
  expect(told.map(([fault]) => fault).filter((fault) => !/\bcode/.test(fault))).toEqual([]);
});

describe('a comment', () => {
  it.each([
    '// What it is.',
    '/** Of the last one. */',
    '/**\n * Whoever waits.\n */',
    'a;\t// Those',
    '\u007b/* Who asks. */}',
  ])('is headless: %j', (text) => expect(headlessIn(text)).toHaveLength(1));

  it.each(['// The user who asks.', '// It says\n// What it is.', "'http://Who'", '/** Often. */', '// Whole.'])(
    'is not headless: %j',
    (text) => expect(headlessIn(text)).toEqual([]),
  );

  it('begins with the thing that it describes, or with what that does', () => {
    const headless = files.flatMap((file) =>
      headlessIn(readFileSync(join(ROOT, file), 'utf8')).map(
        (comment) => `${file}: "${comment}" – name the thing first: "The claims that …", "Reads the …", "A user who …"`,
      ),
    );
    expect(headless).toEqual([]);
  });
});

/** The first lines of comments that open with a headless word. Line comments one below another are one comment. */
function headlessIn(text: string): string[] {
  const joined = text.replace(/(?<=^[ \t]*\/\/[^\n]*)\n[ \t]*\/\/ ?/gm, ' ');
  return [...joined.matchAll(/(?:^|[\s{])(?:\/\/|\/\*)[\s*]*((\w+)[^\n]*)/g)]
    .filter(([, , word]) => HEADLESS.includes(word!))
    .map(([, line]) => line!.slice(0, 80));
}

const lines = (file: string): number => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length;
