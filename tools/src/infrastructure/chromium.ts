// The browser for the browser tests: Debian's Chromium, or the one that CHROMIUM names. The headless shell is Chromium
// without its window and menus, which a whole one draws for each profile: a tenth of its CPU time.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';

const SHELL = 'chromium-headless-shell';
const NAMES = [SHELL, 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MISSING = `no Chromium is found: \`apt-get install ${SHELL}\` or \`chromium\`, or name one in CHROMIUM`;

/** Its executable. @throws Error with one line if there is none */
export function chromiumFile(): string {
  const found = findChromium();
  if (found === undefined) throw new Error(MISSING);
  return found;
}

function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  return named ? [named].find(isExecutable) : NAMES.map(inPath).find((file) => file !== undefined);
}

/** The file with this name in a folder of PATH. */
function inPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts it without a window. @throws Error with one line if there is none */
export async function startBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: chromiumFile(), args: FLAGS });
}

/** Installs the headless shell by apt if this process is root, else says what is missing. A whole Chromium will do. */
export function provideChromium(say: (line: string) => void): void {
  if (!process.env['CHROMIUM'] && !inPath(SHELL) && process.getuid?.() === 0 && inPath('apt-get')) {
    say(`${SHELL}: installing it by apt-get (once)`);
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0;
    const install = (name: string) => apt('install', '-y', '--no-install-recommends', name);
    // An old Debian, or Ubuntu, has no headless shell.
    if (apt('update') && !install(SHELL) && !findChromium()) install('chromium');
  }
  if (!findChromium()) say(MISSING);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
