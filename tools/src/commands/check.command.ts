import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';

interface Check {
  readonly name: string;
  readonly tool: string;
  readonly args: readonly string[];
}

/** The module boundaries are a rule of ESLint's, which knows the projects from Nx's graph: made first, lest it be skipped. */
const GRAPH: Check = { name: 'project graph', tool: 'nx', args: ['show', 'projects'] };

const CHECKS: readonly Check[] = [
  { name: 'format', tool: 'prettier', args: ['--check', '.', '--log-level=warn'] },
  { name: 'lint and module boundaries', tool: 'eslint', args: ['.', '--max-warnings=0'] },
  { name: 'types', tool: 'tsc', args: ['-p', 'tsconfig.json'] },
];

/** `npm run check`: format, lint, module boundaries and types; every check runs, and each that fails says why. */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  const codes = [
    await perform(GRAPH, lifetime),
    ...(await Promise.all(CHECKS.map((check) => perform(check, lifetime)))),
  ];
  return codes.every((code) => code === 0) ? 0 : 1;
}

async function perform({ name, tool, args }: Check, lifetime: Lifetime): Promise<number> {
  const started = performance.now();
  const { code, output } = await runTool(lifetime, tool, args);
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${name} (${took} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code;
}
