import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { kafkaRightsTable } from '../docs/kafka-rights.table.ts';
import { ROOT } from '../places.ts';
import { asVariables } from './containers.ts';
import { SECURED } from './kafka.security.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

it('docker-compose.yml has the broker settings that the tests of rights use', () => {
  const lines = Object.entries(asVariables(SECURED)).map(([name, value]) => `      ${name}: ${value}`);
  expect(lines.filter((line) => !read('docker-compose.yml').split('\n').includes(line))).toEqual([]);
});

it('docs/operations.md shows the rights that brokers are given', () => {
  const narrow = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
  expect(narrow(read('docs/operations.md'))).toContain(narrow(kafkaRightsTable()));
});
