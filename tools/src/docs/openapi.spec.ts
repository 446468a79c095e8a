// The OpenAPI documents as generators of clients read them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { ROOT } from '../places.ts';

interface Operation {
  readonly operationId: string;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const documents = SERVICE_NAMES.map(
  (name) => JSON.parse(readFileSync(join(ROOT, 'docs/api', `${name}.openapi.json`), 'utf8')) as OpenApi,
);
const operations = documents.flatMap(({ paths }) => Object.values(paths).flatMap((path) => Object.values(path)));

describe('the OpenAPI documents', () => {
  it('name each operation by a verb and a noun, and none twice', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id))).toEqual([]);
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
    expect(ids).toEqual(expect.arrayContaining(['claimVoucher', 'listClaims', 'getProof', 'streamCounters']));
  });
});
