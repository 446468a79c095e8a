// Chromium, driven by playwright-core.
import { chromiumFile } from '@vouchers/tools';
import { chromium, type Browser } from 'playwright-core';

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
export const startBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumFile(), args: FLAGS });
