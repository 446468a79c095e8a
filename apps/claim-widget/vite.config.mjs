// Two scripts that share nothing: the widget, for any page, and the hosted page's own.
import { defineConfig } from 'vite';

/** What minifying leaves in a library: line breaks and indents of markup in template literals, marks for bundlers. */
const compact = {
  name: 'compact',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = file.code.replace(/\/\* @__PURE__ \*\/ /g, '').replace(/\n\s+/g, ' ');
  },
};

export default defineConfig({
  plugins: [compact],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    outDir: 'dist',
    lib: {
      entry: { 'claim-widget': 'src/claim-widget.ts', 'hosted-page': 'src/hosted-page/hosted-page.ts' },
      formats: ['es'],
      cssFileName: 'hosted-page',
    },
    rolldownOptions: { output: { entryFileNames: '[name].js', minify: true } },
  },
});
