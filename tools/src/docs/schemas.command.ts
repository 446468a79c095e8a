import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import { SchemaRegistry, type NamedSchema } from './schema.registry.ts';

const USAGE = 'npm run -s schemas -- --registry http://localhost:8081';
const FOLDER = join(ROOT, 'docs/events');
const ENDING = '.schema.json';

/**
 * `npm run -s schemas`: puts the schemas of docs/events into a registry. The subject of each is its message type. If
 * one is not backward compatible with the newest version there, it changes nothing and exits with 1.
 */
export async function run(args: string[]): Promise<number> {
  const registry = new SchemaRegistry(registryIn(args));
  const schemas = publishedSchemas();
  const breaks = (await Promise.all(schemas.map((schema) => registry.breaks(schema)))).flat();
  for (const fault of breaks) console.error(fault);
  if (breaks.length > 0) return 1;
  for (const schema of schemas) console.log(`${schema.subject} id ${await registry.register(schema)}`);
  return 0;
}

export const publishedSchemas = (): NamedSchema[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(ENDING))
    .sort()
    .map((file) => ({ subject: file.slice(0, -ENDING.length), schema: readFileSync(join(FOLDER, file), 'utf8') }));

function registryIn(args: string[]): URL {
  const { registry = '' } = argumentsOf({ args, options: { registry: { type: 'string' } } }, USAGE).values;
  if (!URL.canParse(registry)) throw new Hint(`--registry must be the address of a schema registry\nusage: ${USAGE}`);
  return new URL(registry);
}
