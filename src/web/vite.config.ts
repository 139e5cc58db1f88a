import { defineConfig } from 'vite';

// Whoever builds, a test too, builds what people are given.
process.env['NODE_ENV'] = 'production';

/** Into `dist/web`: one page, and files under `/web/` that are called after what is in them. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsDir: 'web',
    // The policy of the pages lets nothing be inline, pictures included.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // What is loaded before everything else stays first: in a chunk of its own, which the first script imports first.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'no-eval', test: /no-eval\.ts$/ }] } },
    },
    target: 'es2023',
  },
});
