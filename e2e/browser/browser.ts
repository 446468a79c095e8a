// Debian's Chromium, driven by playwright-core: CHROMIUM names another one.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser without a window. Throws with one line where there is none. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: browserFile(), args: FLAGS });

function browserFile(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = [
    process.env['CHROMIUM'] ?? '',
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  const found = files.find((file) => file !== '' && isExecutable(file));
  if (!found) throw new Error('no Chromium is found: `apt-get install chromium`, or name one in CHROMIUM');
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
