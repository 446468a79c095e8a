// Compares the registry of services with the files that cannot read it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANAGEMENT_PORT, type Service } from '@vouchers/contracts';

/** A statement that a file makes once per service. The texts that `says` captures, joined, are compared with `of`. */
interface Place {
  readonly file: string;
  readonly what: string;
  readonly says: RegExp;
  readonly of: (service: Service) => string;
}

const COMPOSE = 'docker-compose.yml';

const PLACES: readonly Place[] = [
  {
    file: COMPOSE,
    what: 'a service with its image and its target in the Dockerfile',
    says: /^ {2}([\w-]+):\n {4}<<: \*service\n {4}image: (\S+?):\$.*\n {4}build: \{ context: \., target: ([\w-]+),/gm,
    of: ({ name, image }) => `${name} ${image} ${name}`,
  },
  {
    file: COMPOSE,
    what: 'a port with its variable',
    says: /'\$\{BIND_ADDRESS:-127\.0\.0\.1\}:\$\{(\w+):-(\d+)\}:(\d+)'/g,
    of: ({ variable, port }) => `${variable}_PORT ${port} ${port}`,
  },
  {
    file: COMPOSE,
    what: 'a migration with its image and its command',
    says: /^ {2}migrate-([\w-]+):\n {4}<<: \*migration\n {4}image: (\S+?):\$.*\n {4}command: \[(\S+)\]/gm,
    of: ({ name, image }) => `${name} ${image} apps/${name}/dist/migrate.js`,
  },
  {
    file: COMPOSE,
    what: 'a login of its own',
    says: /^ {6}DATABASE_URL: \$\{DATABASE_URL:-postgres:\/\/(\w+)@/gm,
    of: ({ database }) => database,
  },
  {
    file: COMPOSE,
    what: 'a user name in Kafka',
    says: /^ {6}KAFKA_SASL_USERNAME: \$\{KAFKA_SASL_USERNAME-(\w+)\}/gm,
    of: ({ database }) => database,
  },
  {
    file: COMPOSE,
    what: 'a volume with its passwords',
    says: /^ {6}- ([\w-]+)-secret:\/secrets\/own:ro$/gm,
    of: ({ name }) => name,
  },
  {
    file: COMPOSE,
    what: 'a wait for its migration',
    says: /^ {6}migrate-([\w-]+): \{ condition: service_completed_successfully \}/gm,
    of: ({ name }) => name,
  },
  {
    file: 'Dockerfile',
    what: 'a target with its port and its command',
    says: /^FROM service AS ([\w-]+)\n(?:COPY .*\n)*ENV PORT=(\d+)\nEXPOSE (\d+)\n(?:(?:ARG|LABEL) .*\n)*CMD \["(\S+)"\]/gm,
    of: ({ name, port }) => `${name} ${port} ${port} apps/${name}/dist/main.js`,
  },
  {
    file: 'deploy/compose.replicas.yml',
    what: 'a port for each replica',
    says: /^ {2}([\w-]+):\n {4}ports: !override \['127\.0\.0\.1::(\d+)'\]/gm,
    of: ({ name, port }) => `${name} ${port}`,
  },
  {
    file: 'deploy/compose.three-brokers.yml',
    what: 'the three brokers',
    says: /^ {2}(?!kafka)([\w-]+): \{ environment: \*clients, depends_on: \*after \}/gm,
    of: ({ name }) => name,
  },
  {
    file: 'deploy/observe/prometheus/prometheus.yml',
    what: 'a job with its target',
    says: /^ {2}- job_name: (?!traces|node)([\w-]+)\n {4}dns_sd_configs: \[\{ names: \[([\w-]+)\], type: A, port: (\d+) \}\]/gm,
    of: ({ name }) => `${name} ${name} ${MANAGEMENT_PORT}`,
  },
  {
    file: 'ARCHITECTURE.md',
    what: 'a line of the layout',
    says: /^apps\/(?!console|claim-widget)([\w-]+) /gm,
    of: ({ name }) => name,
  },
];

/** Lists of all services' names in a file; `says` captures one list. */
const LISTS: readonly { file: string; says: RegExp }[] = [
  { file: 'deploy/observe/prometheus/alerts.yml', says: /job=~"([\w|-]+)"/g },
  { file: 'deploy/observe/grafana/dashboards/platform.json', says: /job=~\\"([\w|-]+)\\"/g },
  { file: 'deploy/secrets.mjs', says: /^const SERVICES = \['(.*)'\];$/gm },
  { file: 'deploy/rehearse.sh', says: /for service in (.*); do/g },
];

/** A service's programs beside `main.ts`, which the browser's apps have as well. */
const PROGRAMS = ['migrate.ts', 'openapi.ts'];

/** One line per difference between the checkout at `root` and these services; it names the file and what it lacks. */
export function deploymentDifferences(root: string, services: readonly Service[]): string[] {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const names = services.map(({ name }) => name);
  return [
    ...PLACES.flatMap(({ file, what, says, of }) => {
      const found = [...read(file).matchAll(says)].map(([, ...texts]) => texts.join(' '));
      return compared(`${file}, ${what}`, found, services.map(of));
    }),
    ...LISTS.flatMap(({ file, says }) => {
      const lists = [...read(file).matchAll(says)];
      if (lists.length === 0) return [`${file} lists no services`];
      return lists.flatMap(([whole, list]) => compared(`${file}, ${whole}`, list!.split(/[^\w-]+/), names));
    }),
    ...PROGRAMS.flatMap((program) => {
      const apps = readdirSync(join(root, 'apps'));
      const found = apps.filter((app) => existsSync(join(root, 'apps', app, 'src', program)));
      return compared(`apps/*/src/${program}`, found, names);
    }),
  ];
}

function compared(where: string, found: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...wanted.filter((text) => !found.includes(text)).map((text) => `${where}: lacks '${text}'`),
    ...found.filter((text) => !wanted.includes(text)).map((text) => `${where}: '${text}' is not in the registry`),
  ];
}
