// Clients that strangers' generators make of docs/api walk from a new voucher to its events. A generator that this
// machine lacks is named in a skipped test: openapi-python-client in PYTHON, hey-api's openapi-ts as OPENAPI_TS.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { hasPythonPackage, PYTHON, ReadersFolder } from './consuming.blocks.ts';
import { tokensOf, walkBlocks } from './walk.ts';

const CLIENTS = join(import.meta.dirname, 'clients');
const OPENAPI_TS = process.env['OPENAPI_TS'] ?? '';
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
        const said = folder.run(PYTHON, ['-m', 'openapi_python_client', 'generate', '--path', documentOf(service)]);
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
});
