// Builds scripts that share nothing: the widget for any page and, each by its own mode, those of hosted pages.
import { defineConfig } from 'vite';

/**
 * Text that the minifier keeps but no browser of `cssTarget` needs: line breaks and indents of markup in template
 * literals, marks for bundlers, Lit's version marks, and its hooks for polyfills.
 */
const LEFT = [
  [/\/\* @__PURE__ \*\/ /g, ''],
  [/\(\w+\.\w+Versions\?\?=\[\]\)\.push\(`[\d.]+`\)/g, '0'],
  [/\w+\.\w+PolyfillSupport\b/g, 'void 0'],
  [/get startNode\(\)\{.*?\}get endNode\(\)\{.*?\}/, ''],
  [/>\s+</g, '><'],
  [/\n\s+/g, ' '],
];
/** The same for the widget, with spaces beside markup and Lit's SVG. A customer's own vouchers need SVG for the QR code. */
const LEFT_OF_WIDGET = [
  [/\w+===2\?`<\/?svg>`:\w+===3\?`<\/?math>`:``/g, '``'],
  ...LEFT,
  [/ >/g, '>'],
  [/> \$\{/g, '>${'],
  [/\} </g, '}<'],
];
const compact = (left) => ({
  name: 'compact',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = left.reduce((code, [mark, less]) => code.replace(mark, less), file.code);
  },
});

/**
 * Properties that may be renamed, since neither the platform's JSON, nor a page, nor the browser knows them. They are
 * used between the widget's own files, or inside of lit-html.
 */
const OWN_NAMES = new RegExp(
  `^(_\\$.*|${[
    'attempt|worth|figure|unit|terms|tone|tries|forMs|labels|useNow|decline|popupTitle|late|signedOut|claimUntil',
    'startsAt|startsIn|upTo|percentOff|amountOff|interestFree|resources|press|resume|wake|submission|subject|propose|requests|moment|second|shown|pageLoaded|reservedUntil|ordersFrom|toUse|failed|empty',
    'client|after|newKey|visible|online|action|message|label|note|href|read|write|forget|load|show|closed|stop',
    'renderBefore|creationScope|element|strings|parts|options|index|ctor|takeOver|watch|hasUpdated|willUpdate|requestUpdate|updated',
  ].join('|')})$`,
);

/** The entry of each mode. */
const ENTRIES = {
  'claim-widget': 'src/claim-widget.ts',
  'hosted-page': 'src/hosted-page/hosted-page.ts',
  'my-vouchers': 'src/my-vouchers/my-vouchers.element.ts',
  'qr-code': 'src/my-vouchers/qr-code.ts',
};

export default defineConfig(({ mode }) => {
  const name = mode in ENTRIES ? mode : 'claim-widget';
  const isWidget = name === 'claim-widget';
  return {
    plugins: [compact(isWidget ? LEFT_OF_WIDGET : LEFT)],
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      outDir: 'dist',
      emptyOutDir: isWidget,
      lib: {
        entry: ENTRIES[name],
        formats: ['es'],
        fileName: name,
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
