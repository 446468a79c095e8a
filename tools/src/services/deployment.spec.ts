import { describe, expect, it } from '@jest/globals';
import { MANAGEMENT_PORT, SERVICES, type Scope, type Service, type ServiceName } from '@vouchers/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.ts';
import { deploymentDifferences } from './deployment.ts';

const services = Object.values(SERVICES);

describe('files that cannot read the registry', () => {
  it('say of each service what the registry says', () => {
    expect(deploymentDifferences(ROOT, services)).toEqual([]);
  });

  it('are found to lack a service that comes', () => {
    const toy: Service = {
      ...SERVICES.ledger,
      name: 'toy' as ServiceName,
      variable: 'TOY',
      database: 'toy',
      image: 'voucher-platform/toy',
      port: 3009,
    };
    expect(deploymentDifferences(ROOT, [...services, toy]).map((line) => line.replace(/: lacks .*toy.*/i, ''))).toEqual(
      [
        'docker-compose.yml, a service with its image and its target in the Dockerfile',
        'docker-compose.yml, a port with its variable',
        'docker-compose.yml, a migration with its image and its command',
        'docker-compose.yml, a login of its own',
        'docker-compose.yml, a user name in Kafka',
        'docker-compose.yml, a volume with its passwords',
        'docker-compose.yml, a wait for its migration',
        'Dockerfile, a target with its port and its command',
        'deploy/compose.replicas.yml, a port for each replica',
        'deploy/compose.three-brokers.yml, the three brokers',
        'deploy/observe/prometheus/prometheus.yml, a job with its target',
        'ARCHITECTURE.md, a line of the layout',
        'deploy/observe/prometheus/alerts.yml, job=~"config|page-delivery|ledger"',
        ...Array.from({ length: 3 }, () => expect.stringMatching(/platform\.json, job=~/)),
        expect.stringMatching(/^deploy\/secrets\.mjs, /),
        'deploy/rehearse.sh, for service in ledger config page-delivery; do',
        'apps/*/src/migrate.ts',
        'apps/*/src/openapi.ts',
      ],
    );
  });

  it('are found to name a service that is gone, or another port', () => {
    const { config, ledger } = SERVICES;
    const found = deploymentDifferences(ROOT, [config, { ...ledger, port: 3033 }]);
    expect(found).toContain("apps/*/src/migrate.ts: 'page-delivery' is not in the registry");
    expect(found).toContain("deploy/compose.replicas.yml, a port for each replica: lacks 'ledger 3033'");
    expect(found.filter((line) => !/page.delivery|3003|3033/i.test(line))).toEqual([]);
  });
});

it('containers listen for others, and have the port for operators that Prometheus asks', () => {
  const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  expect(compose).toMatch(/^x-environment: &environment\n(?: {2}.*\n)*? {2}HOST: 0\.0\.0\.0$/m);
  expect(compose).toMatch(new RegExp(`^ {2}MANAGEMENT_PORT: ${MANAGEMENT_PORT}$`, 'm'));
  expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toMatch(
    /^FROM runtime AS service\n(?:.+\n)*ENV HOST=0\.0\.0\.0$/m,
  );
});

describe('the registry', () => {
  it('gives each service a port of its own', () => {
    expect(new Set(services.map(({ port }) => port)).size).toBe(services.length);
  });

  it.each(services)('names the scopes of $name’s routes', ({ name, scopes }) => {
    const document = readFileSync(join(ROOT, 'docs/api', `${name}.openapi.json`), 'utf8');
    const { paths } = JSON.parse(document) as { paths: Record<string, Record<string, { security?: object[] }>> };
    const asked = Object.values(paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ security = [] }) => security.flatMap((one) => Object.values(one).flat() as Scope[]));
    // A header asks for this one, not a route.
    if (document.includes('"X-Occurred-At"')) asked.push('clock:set');
    expect([...new Set(asked)].sort()).toEqual([...scopes].sort());
  });
});
