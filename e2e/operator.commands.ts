// The commands of an operator beside a running platform. `folder` is its DATA_DIR.
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs the command of `npm run rebuild`. */
export const rebuild = (folder: string): Promise<Ended> => run('rebuild', folder);

/** Runs the command of `npm run audit`. */
export const audit = (folder: string): Promise<Ended> => run('audit', folder);

function run(command: string, folder: string): Promise<Ended> {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'tools/src/main.ts', command];
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const options = { cwd: ROOT, env: { ...environment, DATA_DIR: folder } };
  return new Promise((done) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      done({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}
