// Clients that strangers' generators make of docs/api walk from a new voucher to its events. A generator that this
// machine lacks is named in a skipped test: openapi-python-client in PYTHON, hey-api's openapi-ts as OPENAPI_TS,
// openapi-generator's jar as OPENAPI_GENERATOR, oapi-codegen in Go's module cache.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GO_OFFLINE, hasGoModules, hasPythonPackage, PYTHON, ReadersFolder } from './consuming.blocks.ts';
import { tokensOf, walkBlocks } from './walk.ts';

const CLIENTS = join(import.meta.dirname, 'clients');
const OPENAPI_TS = process.env['OPENAPI_TS'] ?? '';
const OPENAPI_GENERATOR = process.env['OPENAPI_GENERATOR'] ?? '';
const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2';
/** It, and the modules that its clients need. */
const GO_MODULES = [
  `${OAPI_CODEGEN}@v2.8.2`,
  'github.com/oapi-codegen/runtime@v1.9.0',
  'github.com/google/uuid@v1.6.0',
];
const hasGo = hasGoModules(...GO_MODULES);
/** The name of a service as Go's and Java's packages have it. */
const packageOf = (service: string): string => service.replace('-', '');
const documentOf = (service: string): string => join(import.meta.dirname, `../docs/api/${service}.openapi.json`);
const read = (file: string): string => readFileSync(join(CLIENTS, file), 'utf8');
const unless = (tool: boolean) => (tool ? it : it.skip);
/** The page's module, the claim, its order, the counters, and the events in order. */
const WALKED =
  /^claimable held order-1 1 1 voucher\.defined\.v1( voucher\.\w+\.v1)* voucher\.claimed\.v1 voucher\.redeemed\.v1\n$/;

describe('a generated client', () => {
  let services: TestServices;
  let environment: Record<string, string>;
  let folder: ReadersFolder;
  beforeAll(async () => {
    services = await startServices();
    const { config, ledger } = services.urls;
    environment = { CONFIG: config, PAGE_DELIVERY: services.urls['page-delivery'], LEDGER: ledger };
    for (const { variable, ...claims } of tokensOf(walkBlocks()[0]!.script))
      environment[variable] = await services.signToken(claims);
  }, 90_000);
  afterEach(() => folder?.remove());
  afterAll(() => services?.stop());

  unless(hasPythonPackage('openapi_python_client'))(
    'in Python walks (needs openapi-python-client)',
    () => {
      const paths = SERVICE_NAMES.map((service) => `voucher-platform-${service}-client`).join(':');
      folder = new ReadersFolder({ ...environment, PYTHONPATH: paths }).write('walk.py', read('walk.py'));
      for (const service of SERVICE_NAMES) {
        // It tells its warnings on standard error. Its formatter, ruff, stands beside Python.
        const generate = `PATH=$(dirname ${PYTHON}):$PATH ${PYTHON} -m openapi_python_client generate --path`;
        const said = folder.run('bash', ['-ec', `${generate} ${documentOf(service)} 2>&1`]);
        expect(said).not.toMatch(/warning|error/i);
      }
      expect(folder.run(PYTHON, ['walk.py'])).toMatch(WALKED);
    },
    120_000,
  );

  unless(OPENAPI_TS !== '')(
    'in TypeScript walks (needs openapi-ts)',
    () => {
      folder = new ReadersFolder(environment).write('walk.ts', read('walk.ts.txt'));
      for (const service of SERVICE_NAMES)
        folder.run('node', [OPENAPI_TS, '-i', documentOf(service), '-o', service, '--silent']);
      // The client's files import each other without endings, so they are bundled.
      folder.run('node', ['node_modules/.bin/rolldown', './walk.ts', '--platform', 'node', '-d', 'built']);
      expect(folder.run('node', ['built/walk.js'])).toMatch(WALKED);
    },
    120_000,
  );

  unless(hasGo)(
    'in Go walks (needs oapi-codegen in the module cache)',
    () => {
      folder = new ReadersFolder({ ...environment, ...GO_OFFLINE }).write('walk.go', read('walk.go'));
      folder.run('go', ['mod', 'init', 'reader']);
      folder.run('go', ['mod', 'edit', ...GO_MODULES.map((module) => `-require=${module}`)]);
      for (const service of SERVICE_NAMES) {
        const name = packageOf(service);
        const into = ['-generate', 'types,client', '-package', name, '-o', `${name}/client.gen.go`];
        folder.run('mkdir', [name]);
        folder.run('go', ['run', `${OAPI_CODEGEN}/cmd/oapi-codegen`, ...into, documentOf(service)]);
      }
      expect(folder.run('go', ['run', '.'])).toMatch(WALKED);
    },
    300_000,
  );

  unless(existsSync(OPENAPI_GENERATOR))(
    'in Java walks (needs OPENAPI_GENERATOR, and Maven)',
    () => {
      folder = new ReadersFolder(environment).write('Walk.java', read('Walk.java'));
      for (const service of SERVICE_NAMES) {
        const root = `vouchers.${packageOf(service)}`;
        const packages = `invokerPackage=${root},apiPackage=${root}.api,modelPackage=${root}.model`;
        const from = ['generate', '-q', '-g', 'java', '-i', documentOf(service), '-o', service];
        folder.run('java', ['-jar', OPENAPI_GENERATOR, ...from, `--additional-properties=${packages}`]);
      }
      // The three clients need the same libraries.
      const [pom] = SERVICE_NAMES.map((service) => `${service}/pom.xml`);
      folder.run('mvn', ['-q', '-B', '-f', pom!, 'dependency:build-classpath', '-Dmdep.outputFile=classpath']);
      const compiled =
        'find . -path "*/src/main/java/*" -name "*.java" > sources && javac -nowarn -d built -cp "$(cat */classpath)" @sources Walk.java';
      folder.run('bash', ['-ec', compiled]);
      expect(folder.run('bash', ['-ec', 'java -cp "built:$(cat */classpath)" Walk'])).toMatch(WALKED);
    },
    300_000,
  );
});
