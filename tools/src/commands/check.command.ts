import { asyncApiDocument, asyncApiFaults } from '../docs/asyncapi.document.ts';
import { differences, generatedDocuments } from '../docs/generated.documents.ts';
import { breaks, lastRelease } from '../docs/released.messages.ts';
import { sbomFaults } from '../docs/sbom.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { build } from '../services/build.ts';

interface Check {
  readonly name: string;
  /** The faults as text for people; empty if there are none. */
  readonly faults: (lifetime: Lifetime) => Promise<string>;
}

const toolCheck = (name: string, tool: string, ...args: string[]): Check => ({
  name,
  faults: async (lifetime) => {
    const { code, output } = await runTool(lifetime, tool, args);
    return code === 0 ? '' : output.trimEnd() || `${tool} ended with ${code}`;
  },
});

/** Runs first, since the other checks need the build, and ESLint skips the module boundaries without Nx's graph. */
const BUILD: Check = {
  name: 'build',
  faults: async (lifetime) => {
    await build(lifetime, () => {});
    return '';
  },
};

const SOURCES = ['apps', 'bench', 'e2e', 'libs', 'tools'];

const CHECKS: readonly Check[] = [
  toolCheck('format', 'prettier', '--check', '.', '--log-level=warn'),
  toolCheck('lint and module boundaries', 'eslint', '.', '--max-warnings=0'),
  toolCheck('circles of imports', 'depcruise', '--config', '.dependency-cruiser.mjs', ...SOURCES),
  toolCheck('types', 'tsc', '-p', 'tsconfig.json'),
  toolCheck('types in browsers', 'tsc', '-p', 'tsconfig.browser.json'),
  { name: 'generated documents', faults: documentFaults },
  { name: 'messages, beside those of the last release', faults: messageFaults },
  { name: 'bill of materials', faults: async () => (await sbomFaults()).join('\n') },
  toolCheck('sizes in browsers', 'size-limit'),
];

/**
 * `npm run check`: format, lint, boundaries, circles, types, generated documents, bill of materials, sizes. All run; each that fails says
 * why.
 */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  const passed = [
    await perform(BUILD, lifetime),
    ...(await Promise.all(CHECKS.map((check) => perform(check, lifetime)))),
  ];
  return passed.every(Boolean) ? 0 : 1;
}

async function perform({ name, faults }: Check, lifetime: Lifetime): Promise<boolean> {
  const started = performance.now();
  const found = await faults(lifetime).catch((error: Error) => error.message);
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${found === '' ? 'ok' : 'FAILED'}  ${name} (${took} s)`);
  if (found !== '') console.log(found);
  return found === '';
}

async function messageFaults(): Promise<string> {
  const document = asyncApiDocument();
  const { version, document: released } = lastRelease();
  return [
    ...asyncApiFaults(document).map((fault) => `not AsyncAPI: ${fault}`),
    ...breaks(released, document).map((fault) => `unlike ${version}: ${fault}`),
  ].join('\n');
}

async function documentFaults(lifetime: Lifetime): Promise<string> {
  return differences(await generatedDocuments(lifetime))
    .map((path) => `${path} is not what the code says: run npm run docs`)
    .join('\n');
}
