// A service that comes touches its entry in the registry and its own folder. A toy comes to a copy of this checkout, is
// built, and started as every other service is.
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../places.ts';

const REGISTRY = 'libs/contracts/src/services.ts';
const ENTRY = `  toy: { port: 3009, writes: [], reads: ['outcomes'], keeps: [], group: '', scopes: ['ledger:read'] },\n`;

/** The toy's own folder. Its readiness asks its database. */
const FOLDER: Readonly<Record<string, string>> = {
  'toy.module.ts': `
import { SERVICES } from '@vouchers/contracts';
import { DatabaseModule, ServiceSettings } from '@vouchers/service';
import { Module } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';

export class ToySettings extends ServiceSettings {
  readonly service = 'toy';
  override port = SERVICES.toy.port;
}

export class Toys1764460000000 {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE toys (name text)');
  }
  async down(): Promise<void> {}
}

export const TABLES = { entities: [], migrations: [Toys1764460000000], grants: { toys: 'SELECT' } };

@Module({ imports: [DatabaseModule.with(TABLES)] })
export class ToyModule {}
`,
  'main.ts': `
import { runService, startService } from '@vouchers/service';
import { ToyModule, ToySettings } from './toy.module.ts';

await runService(ToySettings, (settings) => startService(ToyModule, settings));
`,
  'migrate.ts': `
import { runMigrations } from '@vouchers/service';
import { TABLES, ToySettings } from './toy.module.ts';

await runMigrations(ToySettings, TABLES);
`,
  'openapi.ts': `
import { printOpenApi } from '@vouchers/service';
import { ToyModule, ToySettings } from './toy.module.ts';

await printOpenApi(ToyModule, ToySettings);
`,
};

/** Starts the toy by the harness of the tests, and prints what the tools know of it. */
const LOOK = `
import { servicePorts } from './tools/src/services/ports.ts';
import { asyncApiDocument } from './tools/src/docs/asyncapi.document.ts';
import { deploymentDifferences } from './tools/src/services/deployment.ts';
import { SERVICES } from '@vouchers/contracts';
import { databaseUrl, startServices } from '@vouchers/testing';
import pg from 'pg';

const services = await startServices({ only: ['toy'] });
const asked = async (path) => {
  const answer = await fetch(services.urls.toy + path);
  return { status: answer.status, body: await answer.text() };
};
const url = new URL(databaseUrl());
url.pathname = '/' + services.namespace + '_toy';
const client = new pg.Client({ connectionString: url.href });
await client.connect();
const { rows } = await client.query("SELECT name FROM migrations");
await client.end();
const seen = {
  ports: servicePorts(),
  settings: services.settings.toy,
  ready: await asked('/health/ready'),
  metrics: await asked('/metrics'),
  migrations: rows,
  reads: asyncApiDocument().operations['toy-receives-outcomes'],
  lacks: deploymentDifferences(process.cwd(), Object.values(SERVICES)),
};
await services.stop();
console.log(JSON.stringify(seen));
`;

interface Seen {
  readonly ports: Record<string, number>;
  readonly settings: Record<string, string>;
  readonly ready: { status: number; body: string };
  readonly metrics: { status: number; body: string };
  readonly migrations: unknown[];
  readonly reads: object;
  readonly lacks: string[];
}

const run = promisify(execFile);
const bin = (tool: string): string => join(ROOT, 'node_modules/.bin', tool);
const { NODE_OPTIONS: _, ...environment } = process.env;
const checkout = mkdtempSync(join(tmpdir(), 'new-service-'));

/** Compiles a project as its build does. */
async function build(project: string): Promise<void> {
  const args = ['src', '--out-dir', 'dist', '--strip-leading-paths', '--config-file', join(checkout, '.swcrc')];
  await run(bin('swc'), [...args, '--ignore', '**/*.spec.ts'], { cwd: join(checkout, project) });
}

async function look(): Promise<Seen> {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', LOOK];
  const { stdout } = await run(process.execPath, args, { cwd: checkout, env: environment });
  return JSON.parse(stdout) as Seen;
}

beforeAll(async () => {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 10_000_000,
  });
  const copied = stdout.split('\n').filter((file) => file && !/\.(csv|gz|png)$/.test(file));
  for (const file of copied) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    cpSync(join(ROOT, file), join(checkout, file));
  }
  for (const library of readdirSync(join(ROOT, 'libs')).filter((name) => name !== 'testing'))
    cpSync(join(ROOT, 'libs', library, 'dist'), join(checkout, 'libs', library, 'dist'), { recursive: true });
  // Packages are those of this checkout, but the workspace's own ones are those of the copy.
  const packages = join(checkout, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((one) => one !== '@vouchers' && one[0] !== '.'))
    symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  cpSync(join(ROOT, 'node_modules/@vouchers'), join(packages, '@vouchers'), {
    recursive: true,
    verbatimSymlinks: true,
  });

  const registry = readFileSync(join(checkout, REGISTRY), 'utf8');
  writeFileSync(
    join(checkout, REGISTRY),
    registry.replace('const ENTRIES = {\n', (opening) => opening + ENTRY),
  );
  mkdirSync(join(checkout, 'apps/toy/src'), { recursive: true });
  cpSync(join(checkout, 'apps/config/package.json'), join(checkout, 'apps/toy/package.json'));
  for (const [file, text] of Object.entries(FOLDER)) writeFileSync(join(checkout, 'apps/toy/src', file), text);
  await Promise.all([build('libs/contracts'), build('apps/toy')]);
}, 60_000);
afterAll(() => rmSync(checkout, { recursive: true }));

describe('a service that comes', () => {
  let seen: Seen;

  it('is started by its entry and its own folder alone', async () => {
    seen = await look();
    expect(seen.ready.status).toBe(200);
    expect(JSON.parse(seen.ready.body)).toMatchObject({ checks: { postgres: 'ok' } });
    expect(seen.metrics.body).toMatch(/^service_check_up{check="postgres"} 1$/m);
    expect(seen.migrations).toEqual([{ name: 'Toys1764460000000' }]);
  });

  it('has its port, its addresses and its topics', () => {
    expect(seen.ports).toMatchObject({ toy: 3009, ledger: 3003 });
    expect(seen.settings).toMatchObject({ TOY_URL: `http://localhost:${seen.settings['PORT']}` });
    expect(seen.reads).toMatchObject({ action: 'receive', channel: { $ref: '#/channels/outcomes' } });
  });

  it('needs no change in the code of tools, tests and other services', async () => {
    const config = { extends: './tsconfig.json', compilerOptions: { incremental: false, tsBuildInfoFile: null } };
    writeFileSync(join(checkout, 'tsconfig.toy.json'), JSON.stringify(config));
    const { stdout } = await run(bin('tsc'), ['-p', 'tsconfig.toy.json'], { cwd: checkout }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it('is missed in each file that cannot read the registry, until it stands there', async () => {
    const target = "deploy/observe/prometheus/prometheus.yml, a job with its target: lacks 'toy toy 9464'";
    expect(seen.lacks).toContain(target);
    expect(seen.lacks.filter((line) => line.startsWith('apps/'))).toEqual([]);
    appendFileSync(
      join(checkout, 'deploy/observe/prometheus/prometheus.yml'),
      '  - job_name: toy\n    dns_sd_configs: [{ names: [toy], type: A, port: 9464 }]\n',
    );
    expect(seen.lacks.filter((line) => line !== target)).toEqual((await look()).lacks);
  });
});
