// The browser for the browser tests: Debian's Chromium, or the one that CHROMIUM names.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MISSING = 'no Chromium is found: `apt-get install chromium`, or name one in CHROMIUM';

/** Its executable. @throws Error with one line if there is none */
export function chromiumFile(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const named = process.env['CHROMIUM'];
  const files = named ? [named] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = files.find(isExecutable);
  if (found === undefined) throw new Error(MISSING);
  return found;
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

/** Installs it by apt if this process is root. Otherwise prints what is missing. */
export function provideChromium(say: (line: string) => void): void {
  try {
    chromiumFile();
  } catch {
    if (process.getuid?.() !== 0 || process.env['CHROMIUM']) return say(MISSING);
    say('Chromium: installing it by apt-get (once)');
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0;
    if (!apt('update') || !apt('install', '-y', '--no-install-recommends', 'chromium')) say(MISSING);
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
