import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { startConfig, type RunningConfig } from '../../testing/config.service.ts';

const PAGE = '<meta property="csp-nonce" nonce="{{nonce}}"><script src="/assets/a-1.js" nonce="{{nonce}}"></script>';
const SCRIPT = 'console.log("here")';

let config: RunningConfig;

/** Makes a folder with files like those of the console's build. */
function built(): string {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/a-1.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/a-1.js.br'), brotliCompressSync(SCRIPT));
  return folder;
}

beforeAll(async () => {
  config = await startConfig({ CONSOLE_DIR: built(), LEDGER_URL: 'https://ledger.example/api' });
});
afterAll(() => config.stop());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch((await config.url()) + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the console', () => {
  it.each(['/', '/vouchers?state=enabled', '/vouchers/1/edit', '/labels/campaign:26', '/sign-in', '/callback'])(
    'answers its page at %s, not to be kept',
    async (path) => {
      const { status, headers, text } = await get(path);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(text).toContain('/assets/a-1.js');
    },
  );

  it('allows its own files, its services, and styles with the nonce of this answer', async () => {
    const [first, second] = [await get('/'), await get('/')];
    const [, nonce] = /nonce="([\w+/=]{20,})"/.exec(first.text) ?? [];
    const policy = first.headers.get('content-security-policy')!;
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain('https://ledger.example;'.slice(0, -1));
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).not.toContain('unsafe');
    expect(first.text).not.toContain('{{nonce}}');
    expect(second.text).not.toBe(first.text);
  });

  it('sends its files as immutable, and compressed if the browser accepts that', async () => {
    const { headers, text } = await get('/assets/a-1.js', { 'accept-encoding': 'br' });
    expect(text).toBe(SCRIPT);
    expect(headers.get('content-encoding')).toBe('br');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/icon.svg')).text).toBe('<svg/>');
  });

  it.each(['/assets/none.js', '/assets/..%2findex.html', '/v1/none', '/elsewhere', '/docs/none'])(
    'is not to be found at %s',
    async (path) => {
      const { status, text } = await get(path);
      expect(status).toBe(404);
      expect(text).not.toContain('csp-nonce');
    },
  );
});

describe('a console that is not built', () => {
  it('answers 404, and the service runs', async () => {
    const bare = await startConfig({ CONSOLE_DIR: mkdtempSync(join(tmpdir(), 'console-')) });
    expect((await fetch(`${await bare.url()}/vouchers`)).status).toBe(404);
    expect((await fetch(`${await bare.url()}/console.json`)).status).toBe(200);
    await bare.stop();
  });
});
