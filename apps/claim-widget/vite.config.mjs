// Builds two scripts that share nothing: the widget for any page, and with `--mode hosted-page` the hosted page's.
import { defineConfig } from 'vite';

/**
 * Text that the minifier keeps but no browser of `cssTarget` needs: line breaks and indents of markup in template
 * literals, marks for bundlers, Lit's version marks and its hooks for polyfills.
 */
const LEFT = [
  [/\/\* @__PURE__ \*\/ /g, ''],
  [/\(\w+\.\w+Versions\?\?=\[\]\)\.push\(`[\d.]+`\)/g, '0'],
  [/\w+\.\w+PolyfillSupport\b/g, 'void 0'],
  [/>\s+</g, '><'],
  [/\n\s+/g, ' '],
];
const compact = {
  name: 'compact',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = LEFT.reduce((code, [mark, less]) => code.replace(mark, less), file.code);
  },
};

/**
 * Properties that may be renamed, since neither the platform's JSON, nor a page, nor the browser knows them. They are
 * used between the widget's own files, or inside of lit-html.
 */
const OWN_NAMES = new RegExp(
  `^(_\\$.*|${[
    'attempt|worth|figure|unit|terms|tone|tries|forMs|labels|useNow|decline|popupTitle|late|signedOut|claimUntil',
    'startsAt|startsIn|upTo|percentOff|amountOff|interestFree|resources|press|resume|wake|submission|subject|propose|requests|moment|second|shown|pageLoaded|reservedUntil|ordersFrom',
    'newKey|visible|online|action|message|label|note|href|read|write|forget|load|show|closed|stop',
    'renderBefore|creationScope|takeOver|watch|hasUpdated|willUpdate|requestUpdate|updated',
  ].join('|')})$`,
);

export default defineConfig(({ mode }) => {
  const isWidget = mode !== 'hosted-page';
  return {
    plugins: [compact],
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      outDir: 'dist',
      emptyOutDir: isWidget,
      lib: {
        entry: isWidget ? 'src/claim-widget.ts' : 'src/hosted-page/hosted-page.ts',
        formats: ['es'],
        fileName: isWidget ? 'claim-widget' : 'hosted-page',
        cssFileName: 'hosted-page',
      },
      rolldownOptions: {
        output: {
          minify: {
            compress: true,
            mangle: true,
            codegen: true,
            ...(isWidget && { mangleProps: { include: OWN_NAMES } }),
          },
        },
      },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  };
});
