import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** config replaces this by a new nonce in each answer. */
const NONCE = '{{nonce}}';

// The base of all screens is built into few files, since a browser loads only six at a time over HTTP/1.1.
/** The code that requests everything else. */
const FIRST =
  /console\/src\/(api\/prefetch\.ts|app\/(choices\.ts|console\.css|first-screen\.ts|kept-user\.ts|look\.ts)|words\/loaders\.ts)/;
const LIBRARIES =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|i18next|react-i18next|openapi-fetch|@tanstack\/[^/]+)\//;
const FRAME =
  /console\/src\/(app\/(?!antd|theme|open-by-id|start|oidc-client)|parts\/(?!wall-time)|api\/(?!counters-stream)|words\/words)/;
/** The libraries of the CEL editor. Their file has a name of its own, so that .size-limit.json can tell it apart. */
const CEL_EDITOR = /node_modules\/(codemirror|@codemirror|@lezer|@marijn|crelt|style-mod|w3c-keyname)\//;

// A group takes along what its modules import, so what others import, too, has a group of its own before it.
/** Small libraries that antd and the charts share. */
const SHARED = /node_modules\/(clsx|react-is)\//;
/** The state library of the rule builder and of the charts. */
const REDUX = /node_modules\/(@reduxjs\/toolkit|react-redux|redux|redux-thunk|reselect|immer)\//;
/** The library of the charts, which several screens load when they show one. */
const RECHARTS = /node_modules\/(recharts|victory-vendor|d3-[^/]+|decimal\.js-light|es-toolkit|internmap)\//;

/** The entry of the console, which the first few kilobytes load. */
const START = 'src/app/start.tsx';

/** Writes compressed copies of all assets, so that config need not compress them for each request. */
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

/** Adds the start chunks to the page, so that they load in parallel to the script that needs them. */
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
        // the set grows during the loop
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
            { name: 'libraries', test: LIBRARIES, priority: 2 },
            { name: 'frame', test: FRAME },
            { name: 'cel-editor', test: CEL_EDITOR },
            { name: 'shared', test: SHARED, priority: 1 },
            { name: 'redux', test: REDUX, priority: 1 },
            { name: 'recharts', test: RECHARTS },
          ],
        },
      },
    },
  },
});
