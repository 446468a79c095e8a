import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What config replaces by a fresh nonce in each answer. */
const NONCE = '{{nonce}}';

/** Every text that is served lies beside itself compressed, so that config need not do it for each request. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir }) {
      for (const file of readdirSync(join(dir!, 'assets'))) {
        if (!/\.(js|css|svg)$/.test(file)) continue;
        const path = join(dir!, 'assets', file);
        const text = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(text));
        writeFileSync(`${path}.br`, brotliCompressSync(text));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  html: { cspNonce: NONCE },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 900 },
});
