// Documents must be true: each file that they name exists, and README lists exactly the scripts of package.json.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
/** A document without its programs, which have brackets of their own. */
const prose = (file: string): string => read(file).replace(/^```[^]*?^```/gm, '');
const decisions = readdirSync(join(root, 'docs/decisions')).map((file) => `docs/decisions/${file}`);
const guides = ['docs/operations.md', 'docs/consuming.md', 'docs/identity.md'];
const documents = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...guides, ...decisions];
const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.mjs'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n');

describe('the documents', () => {
  it.each(documents)('%s has no broken link', (document) => {
    const links = [...prose(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  it.each(documents)('%s names source files that exist', (document) => {
    const named = [...prose(document).matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, name]) => name!);
    expect(named.filter((name) => !sources.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
  });

  it('README lists every script that a person needs, and no other', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const listed = [...read('README.md').matchAll(/^\| `npm (?:run )?(?:-s )?([\w:-]+)/gm)].map(([, name]) => name!);
    // npm runs these itself.
    const ofNpm = ['prepare', 'postinstall'];
    expect(listed.sort()).toEqual(
      Object.keys(scripts)
        .filter((name) => !ofNpm.includes(name))
        .sort(),
    );
  });

  it('the record of decisions lists each of them', () => {
    const listed = [...read('docs/decisions/README.md').matchAll(/\((\d{4}-[^)]+\.md)\)/g)].map(
      ([, file]) => `docs/decisions/${file}`,
    );
    expect(listed).toEqual(decisions.filter((file) => !file.endsWith('README.md')).sort());
  });
});
