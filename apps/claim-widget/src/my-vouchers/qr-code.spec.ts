import { expect, it } from '@jest/globals';
import { drawnCode } from './qr-code.ts';

/** The pattern in three corners by which a scanner finds the code. */
const FINDER = ['#######', '#     #', '# ### #', '# ### #', '# ### #', '#     #', '#######'];

it('a claim id is a code of version 3, with its three finder patterns', () => {
  const { size, path } = drawnCode('018bcfe5-6800-7003-8000-000000000001');
  expect(size).toBe(29);
  const dark = new Set([...path.matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => `${x} ${y}`));
  for (const [left, top] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    const found = FINDER.map((line, y) =>
      [...line].map((_, x) => (dark.has(`${left + x} ${top + y}`) ? '#' : ' ')).join(''),
    );
    expect(found).toEqual(FINDER);
  }
});
