import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keptSigningKey, keyFile } from './signing-key.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signing-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the kept signing key', () => {
  it('is made once, and only its owner may read it', async () => {
    const key = await keptSigningKey(folder);
    expect(await keptSigningKey(folder)).toEqual(key);
    expect(statSync(keyFile(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'issuer')).mode & 0o777).toBe(0o700);
  });

  it('is the same for several first starts at once', async () => {
    const keys = await Promise.all(Array.from({ length: 4 }, () => keptSigningKey(folder)));
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
  });

  it('differs between data folders', async () => {
    expect((await keptSigningKey(join(folder, 'a'))).kid).not.toBe((await keptSigningKey(join(folder, 'b'))).kid);
  });
});
