// The README's walk: its bash blocks that follow a comment `<!-- walk: title -->`.
import { readFileSync } from 'node:fs';

export interface WalkBlock {
  name: string;
  script: string;
}

/** A variable that the walk's setup sets by `npm run -s token`. */
export interface WalkToken {
  variable: string;
  sub: string;
  scope: string;
  attrs: Record<string, unknown>;
}

export function walkBlocks(readme = new URL('../README.md', import.meta.url)): WalkBlock[] {
  const blocks = readFileSync(readme, 'utf8').matchAll(/<!-- walk: (.+?) -->\s+```bash\n([^]*?)```/g);
  return [...blocks].map(([, name, script]) => ({ name: name!, script: script! }));
}

export function tokensOf(setup: string): WalkToken[] {
  const lines = setup.matchAll(
    /^(\w+)=\$\(npm run -s token -- --sub (\S+) --scope "([^"]+)"(?: --attrs '([^']+)')?\)$/gm,
  );
  return [...lines].map(([, variable, sub, scope, attrs]) => ({
    variable: variable!,
    sub: sub!,
    scope: scope!,
    attrs: JSON.parse(attrs ?? '{}') as Record<string, unknown>,
  }));
}

/** The setup's definitions for later blocks, without tokens and addresses. */
export function definitionsOf(setup: string): string {
  return setup
    .split('\n')
    .filter((line) => !/^\w+=/.test(line))
    .join('\n');
}
