// The logins of Postgres: what each may do is what its service does, and nothing else.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MIGRATOR, SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { databaseUrl, uniqueNamespace } from '@vouchers/testing';
import { asLogin, databaseName, migrateAll } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

const ROOT = resolve(import.meta.dirname, '..');
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] as const;
const namespace = uniqueNamespace();
const logDir = mkdtempSync(join(tmpdir(), 'logins-'));

interface TableRights {
  readonly name: string;
  readonly rights: readonly string[];
}

/** The address of a service's database for a login. Without a login it is the superuser's. */
function urlOf(service: ServiceName, login?: ServiceName | typeof MIGRATOR): string {
  const url = new URL(login === undefined ? databaseUrl() : asLogin(databaseUrl(), namespace, login));
  url.pathname = `/${databaseName(namespace, service)}`;
  return url.href;
}

async function ask<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** The SQLSTATE with which Postgres refuses it; undefined if it does not. */
const refusalOf = (url: string, text: string): Promise<string | undefined> =>
  ask(url, text).then(
    () => undefined,
    (error: pg.DatabaseError) => error.code,
  );

/** All tables of a service's database, with what its login may do there as it works. */
function rightsIn(service: ServiceName): Promise<TableRights[]> {
  return ask<{ name: string; rights: string[] }>(
    urlOf(service, service),
    `SELECT relname AS name, ARRAY(SELECT r FROM unnest($1::text[]) AS r WHERE has_table_privilege(c.oid, r)) AS rights
     FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY relname`,
    [[...RIGHTS]],
  );
}

beforeAll(() => migrateAll({ databaseUrl: databaseUrl(), namespace, logDir }), 60_000);
afterAll(() => rmSync(logDir, { recursive: true }));

describe('no login', () => {
  it('is a superuser, or may make databases or roles', async () => {
    const names = [MIGRATOR, ...SERVICE_NAMES].map((name) => databaseName(namespace, name));
    const rows = await ask(
      databaseUrl(),
      `SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1) AND rolcanlogin
         AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)`,
      [names],
    );
    expect(rows.map(({ name }) => name as string).sort()).toEqual(names.sort());
  });

  it.each(SERVICE_NAMES)('of another service reaches the database of %s', async (service) => {
    for (const login of SERVICE_NAMES.filter((name) => name !== service))
      expect({ login, refused: await refusalOf(urlOf(service, login), 'SELECT 1') }).toEqual({
        login,
        refused: '42501',
      });
  });

  it.each(SERVICE_NAMES)('but the owner’s changes the tables of %s', async (service) => {
    for (const text of [
      'CREATE TABLE mine (one int)',
      'CREATE TEMPORARY TABLE mine (one int)',
      'CREATE SCHEMA mine',
      'ALTER TABLE vouchers ADD COLUMN mine int',
      'DROP TABLE vouchers',
      'TRUNCATE vouchers',
      `SET ROLE ${databaseName(namespace, MIGRATOR)}`,
    ])
      expect({ text, refused: await refusalOf(urlOf(service, service), text) }).toEqual({ text, refused: '42501' });
    expect(await refusalOf(urlOf(service, MIGRATOR), 'ALTER TABLE vouchers RENAME TO vouchers')).toBe('42P07');
  });
});

describe('the rights of a login', () => {
  it.each(SERVICE_NAMES)('of %s list every table, and each of them is used', async (service) => {
    const tables = await rightsIn(service);
    expect(tables.length).toBeGreaterThan(8);
    // A table without a right has no line in the service's grants.
    expect(tables.filter(({ rights }) => !rights.includes('SELECT')).map(({ name }) => name)).toEqual([]);
    const uses = usesOf(service);
    const unused = tables
      .filter(({ name }) => name !== 'migrations')
      .flatMap(({ name, rights }) => rights.filter((right) => !uses(name, right)).map((right) => `${right} ${name}`));
    expect(unused).toEqual([]);
    expect(tables.find(({ name }) => name === 'migrations')!.rights).toEqual(['SELECT']);
  });

  it('let the ledger add events, and neither change nor remove them', async () => {
    const events = (await rightsIn('ledger')).find(({ name }) => name === 'events');
    expect(events!.rights).toEqual(['SELECT', 'INSERT']);
    for (const text of [`UPDATE events SET reason = 'x'`, 'DELETE FROM events', 'TRUNCATE events'])
      expect(await refusalOf(urlOf('ledger', 'ledger'), text)).toBe('42501');
  });

  it('are made right again by the next migration', async () => {
    const role = pg.escapeIdentifier(databaseName(namespace, 'config'));
    const before = await rightsIn('config');
    await ask(urlOf('config'), `GRANT TRUNCATE ON activity TO ${role}; REVOKE DELETE ON outbox FROM ${role}`);
    expect(await rightsIn('config')).not.toEqual(before);
    await migrateAll({ databaseUrl: databaseUrl(), namespace, names: ['config'], logDir });
    expect(await rightsIn('config')).toEqual(before);
  }, 60_000);
});

/** Finds out whether a service does such a thing with a table, from its sources without migrations and rebuilds. */
function usesOf(service: ServiceName): (table: string, right: string) => boolean {
  const folders = [`apps/${service}/src`, service === 'ledger' ? 'libs/event-store/src' : 'libs/outcomes/src'];
  const text = folders.flatMap((folder) => sourcesIn(join(ROOT, folder))).join('\n');
  const positions = /^ {2}positions: '(\w+)'/m.exec(text)?.[1] ?? '';
  // Statements name some tables by a variable, or with their schema.
  const actors = [...text.matchAll(/^ {2}\['(\w+)', '\w+', '\w+', (?:'\w+'|undefined)\],$/gm)].map(
    ([, table]) => `UPDATE ${table}`,
  );
  const statements = [text, ...actors]
    .join('\n')
    .replaceAll('public.', '')
    .replaceAll(/\$\{(?:this\.projection\.)?positions\}/g, positions)
    .replaceAll(/\$\{update\('(\w+)'/g, 'UPDATE $1');
  const entities = new Map(
    [...text.matchAll(/@Entity\('(\w+)'\)\s+export class (\w+)/g)].map(([, table, entity]) => [table!, entity!]),
  );
  return (table, right) => {
    const entity = entities.get(table) ?? 'nothing';
    const inserted = `INSERT INTO ${table}\\b(?:(?!INSERT INTO)[^;])*?`;
    const ways: Record<string, string[]> = {
      SELECT: [
        `(?:FROM|JOIN) ${table}\\b`,
        `(?:find\\w*|QueryBuilder)\\(${entity}\\b`,
        `${inserted}(?:ON CONFLICT|RETURNING)`,
      ],
      INSERT: [`INSERT INTO ${table}\\b`, `(?:insertRows|upsert)\\((?:manager, )?${entity}\\b`],
      UPDATE: [
        `UPDATE ${table}\\b`,
        `${inserted}DO UPDATE`,
        `FROM ${table}\\b[^;\`']*FOR UPDATE`,
        `(?:update|upsert)\\(${entity}\\b`,
      ],
      DELETE: [`DELETE FROM ${table}\\b`, `delete\\(${entity}\\b`],
      TRUNCATE: [`TRUNCATE ${table}\\b`],
    };
    return (ways[right] ?? []).some((way) => new RegExp(way).test(statements));
  };
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|migrat|rebuild|grants/.test(file))
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}
