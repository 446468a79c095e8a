import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { ROOT } from '../places.ts';
import { joined, type OpenApiDocument } from './joined.document.ts';

const documentOf = (name: string): OpenApiDocument =>
  JSON.parse(readFileSync(join(ROOT, `docs/api/${name}.openapi.json`), 'utf8')) as OpenApiDocument;
const documents = Object.fromEntries(SERVICE_NAMES.map((name) => [name, documentOf(name)]));
const operationsIn = ({ paths }: OpenApiDocument) => Object.values(paths).flatMap((path) => Object.values(path));

describe('the joined document', () => {
  const all = joined(documents);

  it('has every operation once, under the path and a tag of its service', () => {
    expect(operationsIn(all)).toHaveLength(Object.values(documents).flatMap(operationsIn).length);
    for (const service of SERVICE_NAMES) {
      const operations = all.paths[`/${service}${Object.keys(documents[service]!.paths)[0]}`]!;
      for (const { tags } of Object.values(operations)) expect(tags![0]).toMatch(new RegExp(`^${service}: `));
    }
    const ids = operationsIn(all).map((operation) => (operation as { operationId?: string }).operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every component that it refers to, and every tag that it uses', () => {
    const references = [...JSON.stringify(all).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.filter(([, kind, name]) => all.components[kind!]?.[name!] === undefined)).toEqual([]);
    const known = (all['tags'] as { name: string }[]).map(({ name }) => name);
    expect(operationsIn(all).flatMap(({ tags }) => tags!.filter((tag) => !known.includes(tag)))).toEqual([]);
  });

  it('cannot be made of different components with one name', () => {
    const { ledger } = documents as { ledger: OpenApiDocument };
    const other = { ...ledger, components: { schemas: { Problem: { type: 'string' } } } };
    expect(() => joined({ ...documents, ledger: other })).toThrow('two schemas are called Problem');
  });
});
