import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaRights, SERVICE_NAMES, SERVICES, type KafkaOperation } from '@vouchers/contracts';
import { expect, it } from '@jest/globals';
import { ROOT } from '../places.ts';
import { asVariables, SECURED } from './kafka.security.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

it('docker-compose.yml has the broker settings that the test of rights uses', () => {
  const lines = Object.entries(asVariables(SECURED)).map(([name, value]) => `      ${name}: ${value}`);
  expect(read('docker-compose.yml').split('\n')).toEqual(expect.arrayContaining(lines));
});

it.each(SERVICE_NAMES)('docs/operations.md shows the rights of %s in Kafka', (service) => {
  const principal = SERVICES[service].database;
  const names = (wanted: KafkaOperation, of: 'topic' | 'group' = 'topic'): string =>
    kafkaRights()
      .filter((right) => right.principal === principal && right.operation === wanted && right.kind === of)
      .map(({ name }) => `\`${name}\``)
      .join(', ');
  const cells = [`\`${principal}\``, names('read'), names('write'), names('alter-configs'), names('read', 'group')];
  expect(read('docs/operations.md')).toContain(`\n| ${cells.join(' | ')} |\n`);
});
