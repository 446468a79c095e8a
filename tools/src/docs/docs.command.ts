import type { Lifetime } from '../processes/lifetime.ts';
import { build } from '../services/build.ts';
import { differences, generatedDocuments, write } from './generated.documents.ts';

/** `npm run docs`: writes docs/api and docs/events from the code. */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  await build(lifetime, console.log);
  const documents = await generatedDocuments(lifetime);
  const changed = differences(documents);
  write(documents);
  for (const path of changed) console.log(`changed ${path}`);
  console.log(`${documents.size} documents, ${changed.length} changed`);
  return 0;
}
