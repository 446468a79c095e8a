// Schemathesis (Python, from PyPI) in a virtual environment beside the other downloads, one per version.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../places.ts';
import { Hint } from '../processes/hint.ts';

const VERSION = '4.32.5';

/** Its executable. Installs it if it is missing. Throws a Hint if that fails. */
export function schemathesisFile(say: (line: string) => void): string {
  const folder = join(cacheDir(), `schemathesis-${VERSION}`);
  const file = join(folder, 'bin', 'schemathesis');
  if (existsSync(file)) return file;
  say(`schemathesis ${VERSION}: installing it (once)`);
  rmSync(folder, { recursive: true, force: true });
  const done =
    spawnSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' }).status === 0 &&
    spawnSync(join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`], { stdio: 'inherit' })
      .status === 0;
  if (!done) {
    rmSync(folder, { recursive: true, force: true });
    throw new Hint('schemathesis cannot be installed: Python 3.10 or newer with venv and pip is needed');
  }
  return file;
}
