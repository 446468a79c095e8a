// The documents in docs/ that are generated from the code: OpenAPI of each service and of all together, AsyncAPI of the topics, JSON Schema
// of each type of message.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformed, type Schema } from '@vouchers/contracts/schemas';
import { format, resolveConfig } from 'prettier';
import { schemaIdOf, SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { ROOT } from '../places.ts';
import { postmanCollection } from './postman.collection.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { asyncApiDocument, messageSchemas } from './asyncapi.document.ts';
import { joined, type OpenApiDocument } from './joined.document.ts';

const FOLDERS = ['docs/api', 'docs/events'];

/** Text by path in the repository. */
export type Documents = ReadonlyMap<string, string>;

/** Makes the documents from the code. The services must be built; Postgres and Kafka are not needed. */
export async function generatedDocuments(lifetime: Lifetime): Promise<Documents> {
  const services = await Promise.all(
    SERVICE_NAMES.map(async (name) => [name, await openApiOf(lifetime, name)] as const),
  );
  const contents: (readonly [path: string, content: object])[] = [
    ...services.map(([name, document]) => [`docs/api/${name}.openapi.json`, document] as const),
    ['docs/api/platform.openapi.json', joined(Object.fromEntries(services))],
    ['docs/api/platform.postman_collection.json', postmanCollection(Object.fromEntries(services))],
    ['docs/api/asyncapi.json', asyncApiDocument()],
    ...messageSchemas().map(
      ([type, schema]) => [`docs/events/${type}.schema.json`, standingAlone(type, schema)] as const,
    ),
  ];
  const options = await resolveConfig(join(ROOT, 'package.json'));
  const texts = contents.map(
    async ([path, content]) => [path, await format(JSON.stringify(content), { ...options, parser: 'json' })] as const,
  );
  return new Map(await Promise.all(texts));
}

/** Paths of documents that are missing, outdated, or no longer generated. */
export function differences(documents: Documents): string[] {
  const changed = [...documents].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  return [...changed, ...stale(documents)];
}

/** Writes the documents to docs/. */
export function write(documents: Documents): void {
  for (const path of stale(documents)) rmSync(join(ROOT, path));
  for (const [path, text] of documents) {
    mkdirSync(join(ROOT, dirname(path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}

const stale = (documents: Documents): string[] =>
  FOLDERS.filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`))
    .filter((path) => path.endsWith('.json') && !documents.has(path));

const read = (path: string): string | undefined =>
  existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined;

/** Gets the document from the built service, which does not start for this. */
async function openApiOf(lifetime: Lifetime, name: ServiceName): Promise<OpenApiDocument> {
  const program = join(ROOT, 'apps', name, 'dist', 'openapi.js');
  const { code, output } = await runTool(lifetime, 'node', ['--no-warnings', program]);
  if (code !== 0) throw new Error(`${name} does not print its OpenAPI document\n${output}`);
  return JSON.parse(output) as OpenApiDocument;
}

/** Puts the schemas that it refers to into `$defs`, so that a reader needs no other file. */
function standingAlone(type: string, schema: Schema): Schema {
  const { title = type, ...body } = schema;
  const nouns: Record<string, Schema> = {};
  const whole = transformed(body, (part) => {
    if (part.title === undefined) return part;
    nouns[part.title] = part;
    return { $ref: `#/$defs/${part.title}` };
  });
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return { $schema, $id: schemaIdOf(type), title, ...whole, $defs: nouns };
}
