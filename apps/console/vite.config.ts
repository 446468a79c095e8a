import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What config replaces by a fresh nonce in each answer. */
const NONCE = '{{nonce}}';

// Few files for what every screen stands on: a browser fetches six at a time over HTTP/1.1.
/** What asks for all else. */
const FIRST =
  /console\/src\/(api\/ahead\.ts|app\/(choices\.ts|console\.css|kept-user\.ts|look\.ts)|words\/loaders\.ts)/;
const LIBRARIES =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|i18next|react-i18next|openapi-fetch|@tanstack\/[^/]+)\//;
const FRAME =
  /console\/src\/(app\/(?!antd|theme|open-by-id|start|oidc-client)|parts\/(?!wall-time)|api\/(?!counters-stream)|words\/words)/;

/** What the console starts with, once the first few kilobytes have asked for it. */
const START = 'src/app/start.tsx';

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

/** The page names the chunks of what starts the console: they come beside the script that asks for them. */
function preloaded(): Plugin {
  return {
    name: 'preloaded',
    apply: 'build',
    transformIndexHtml: (html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const start = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(START));
      if (!start) throw new Error(`no chunk begins with ${START}`);
      const names = new Set([start.fileName]);
      for (const name of names)
        // grows while it is walked
        for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) names.add(next);
      return [...names]
        .filter((name) => !html.includes(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}`, nonce: NONCE },
          injectTo: 'head',
        }));
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed(), preloaded()],
  html: { cspNonce: NONCE },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', test: FIRST, priority: 1 },
            { name: 'libraries', test: LIBRARIES },
            { name: 'frame', test: FRAME },
          ],
        },
      },
    },
  },
});
