import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { closed, type Schema } from '@vouchers/contracts/schemas';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ROOT } from '../places.ts';

interface Media {
  schema: Schema;
  example?: unknown;
}
interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** These have no answer in JSON. */
const WITHOUT = [
  'streamCounters',
  'exportVoucherEvents',
  'deleteVoucher',
  'deletePage',
  'deleteSavedItem',
  'deleteSimulation',
];
const documentOf = (name: string): Document =>
  JSON.parse(readFileSync(join(ROOT, `docs/api/${name}.openapi.json`), 'utf8')) as Document;

describe.each(SERVICE_NAMES)('the document of %s', (service) => {
  const { paths, components } = documentOf(service);
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const ajv = (addFormats as unknown as (ajv: Ajv2020) => Ajv2020)(new Ajv2020({ strict: false, allErrors: true }));
  const schemas = Object.entries(components.schemas).map(([name, schema]) => [name, closed(schema)]);
  ajv.addSchema({ $id: 'document', components: { schemas: Object.fromEntries(schemas) } });
  const faults = ({ schema, example }: Media): unknown[] => {
    const check = ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')) as object);
    check(example);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    'has valid examples of %s',
    (id, { requestBody, responses }) => {
      const answers = Object.values(responses).flatMap(({ content = {} }) => Object.values(content));
      const media = [...Object.values(requestBody?.content ?? {}), ...answers].filter((one) => 'example' in one);
      expect(media.length > 0).toBe(!WITHOUT.includes(id));
      expect(media.flatMap(faults)).toEqual([]);
    },
  );
});
