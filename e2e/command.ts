import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Runs a command of package.json, such as `rebuild`. @param folder DATA_DIR of the platform */
export function command(
  folder: string,
  [name, ...args]: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ exitCode: number; output: string }> {
  const tool = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'tools/src/main.ts', name!, ...args];
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const options = { cwd: ROOT, env: { ...inherited, ...environment, DATA_DIR: folder } };
  return new Promise((done) => {
    execFile(process.execPath, tool, options, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}
