// One run at a time in a data folder: the first says so beside it, in a file with its process id.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Hint } from '../processes/hint.ts';

const claimFile = (folder: string): string => `${resolve(folder)}.running`;

/** Claims the folder for this process; gives the function that lets it go. Throws a Hint where another run has it. */
export function claimFolder(folder: string): () => void {
  expectUnclaimed(folder);
  mkdirSync(dirname(resolve(folder)), { recursive: true });
  writeFileSync(claimFile(folder), String(process.pid));
  return () => rmSync(claimFile(folder), { force: true });
}

/** Throws a Hint where a run that is still alive has the folder. */
export function expectUnclaimed(folder: string): void {
  let owner: string;
  try {
    owner = readFileSync(claimFile(folder), 'utf8');
  } catch {
    return;
  }
  if (isOurs(owner)) throw new Hint(`${folder} is in use by a run with process id ${owner}: stop that one first`);
}

/** Whether the process lives and is a command of these tools; ids are used again. */
function isOurs(pid: string): boolean {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' }).includes('tools/src/main.ts');
  } catch {
    return false;
  }
}
