import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';

/** Builds every app and library; Nx skips what has not changed. Throws with the compiler's words. */
export async function build(lifetime: Lifetime, say: (line: string) => void): Promise<void> {
  say('building');
  const { code, output } = await runTool(lifetime, 'nx', ['run-many', '-t', 'build', '--outputStyle=static']);
  if (code !== 0) throw new Error(`the build failed\n${output}`);
}
