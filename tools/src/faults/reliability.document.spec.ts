import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../places.ts';
import { FAULTS } from './catalogue.ts';
import { lostGuards, MUTATIONS } from './mutations.ts';

const document = readFileSync(join(ROOT, 'docs', 'reliability.md'), 'utf8');

describe('docs/reliability.md', () => {
  it.each(FAULTS.map(({ name }) => name))('names the fault %s', (name) => {
    expect(document).toContain(`| \`${name}\``);
  });

  it.each(MUTATIONS.map(({ guard, fault }) => [guard, fault]))('names the guard: %s', (guard, fault) => {
    expect(document).toContain(`| ${guard} | \`${fault}\``);
  });

  it('names guards that are in the built code', () => {
    expect(lostGuards()).toEqual([]);
  });

  it('names a fault for every guard', () => {
    const names = new Set(FAULTS.map(({ name }) => name));
    expect(MUTATIONS.filter(({ fault }) => !names.has(fault))).toEqual([]);
  });
});
