// The documents in docs/ that are generated from the code: OpenAPI of each service, AsyncAPI of the topics, JSON Schema
// of each event type.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EVENT_TYPES, eventDataOf, transformed, type Schema } from '@vouchers/contracts/schemas';
import { format, resolveConfig } from 'prettier';
import { SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { ROOT } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { asyncApiDocument } from './asyncapi.document.ts';

const FOLDERS = ['docs/api', 'docs/events'];

/** Text by path in the repository. */
export type Documents = ReadonlyMap<string, string>;

/** Makes the documents from the code. The services must be built; Postgres and Kafka are not needed. */
export async function generatedDocuments(lifetime: Lifetime): Promise<Documents> {
  const contents = await Promise.all([
    ...SERVICE_NAMES.map(async (name) => [`docs/api/${name}.openapi.json`, await openApiOf(lifetime, name)] as const),
    ['docs/api/asyncapi.json', asyncApiDocument()] as const,
    ...EVENT_TYPES.map((type) => [`docs/events/${type}.schema.json`, standingAlone(eventDataOf(type))] as const),
  ]);
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
async function openApiOf(lifetime: Lifetime, name: ServiceName): Promise<object> {
  const program = join(ROOT, 'apps', name, 'dist', 'openapi.js');
  const { code, output } = await runTool(lifetime, 'node', ['--no-warnings', program]);
  if (code !== 0) throw new Error(`${name} does not print its OpenAPI document\n${output}`);
  return JSON.parse(output) as object;
}

/** Puts the schemas that it refers to into `$defs`, so that a reader needs no other file. */
function standingAlone(schema: Schema): Schema {
  const { title, ...body } = schema;
  const nouns: Record<string, Schema> = {};
  const whole = transformed(body, (part) => {
    if (part.title === undefined) return part;
    nouns[part.title] = part;
    return { $ref: `#/$defs/${part.title}` };
  });
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...whole, $defs: nouns };
}
