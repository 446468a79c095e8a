import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Runs the command of `npm run rebuild`. @param folder DATA_DIR of the platform */
export function rebuild(folder: string): Promise<{ exitCode: number; output: string }> {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'tools/src/main.ts', 'rebuild'];
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const options = { cwd: ROOT, env: { ...environment, DATA_DIR: folder } };
  return new Promise((done) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}
