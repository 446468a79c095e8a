// The check of imports must refuse every kind of circle.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ROOT } from './places.ts';

const DEPCRUISE = join(ROOT, 'node_modules', '.bin', 'depcruise');
const PACKAGE = JSON.stringify({
  name: '@vouchers/planted',
  type: 'module',
  exports: { '.': { source: './src/index.ts', default: './dist/index.js' } },
});

let folder: string;
afterEach(() => rmSync(folder, { recursive: true }));

/** The faults that the check finds in these files, which are given by path. */
function verdictOn(files: Record<string, string>): { passed: boolean; said: string } {
  folder = mkdtempSync(join(tmpdir(), 'circles-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const args = ['--config', join(ROOT, '.dependency-cruiser.mjs'), '.'];
  const { status, stdout, stderr } = spawnSync(DEPCRUISE, args, { cwd: folder, encoding: 'utf8' });
  return { passed: status === 0, said: stdout + stderr };
}

describe('the order of imports', () => {
  it.each<[string, Record<string, string>]>([
    ['values', { 'a.ts': `import './b.ts';`, 'b.ts': `import './c.ts';`, 'c.ts': `import './a.ts';` }],
    [
      'types alone',
      {
        'a.ts': `import type { B } from './b.ts';\nexport interface A { b: B }`,
        'b.ts': `import type { A } from './a.ts';\nexport interface B { a?: A }`,
      },
    ],
    [
      'a type among values, and a re-export',
      {
        'a.ts': `export { b } from './b.ts';\nexport interface A { n: number }`,
        'b.ts': `import { type A } from './a.ts';\nexport const b: A = { n: 1 };`,
      },
    ],
    [
      'components',
      {
        'a.tsx': `import { b } from './b.ts';\nexport const A = () => <b>{b}</b>;`,
        'b.ts': `export const b = 1;\nexport const a = () => import('./a.tsx');`,
      },
    ],
    [
      'a package of the workspace',
      {
        'node_modules/@vouchers/planted/package.json': PACKAGE,
        'node_modules/@vouchers/planted/src/index.ts': `export { a } from '../../../../a.ts';`,
        'a.ts': `import { a as again } from '@vouchers/planted';\nexport const a = again;`,
      },
    ],
  ])('refuses a circle of %s', (_, files) => {
    expect(verdictOn(files)).toEqual({ passed: false, said: expect.stringContaining('error no-circle') });
  });

  it('accepts two ways to one file', () => {
    const files = {
      'a.ts': `import type { B } from './b.ts';\nimport { c } from './c.ts';\nexport const a: B = { n: c };`,
      'b.ts': `import type { C } from './c.ts';\nexport interface B { n: C }`,
      'c.ts': `export type C = number;\nexport const c = 1;`,
    };
    expect(verdictOn(files)).toEqual({ passed: true, said: expect.stringContaining('3 modules') });
  });
});
