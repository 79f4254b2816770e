import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The editor of queries is in the library and on no dashboard; without it the build takes half the time. */
const nothing = join(import.meta.dirname, 'page/no-editor.ts');

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { alias: [{ find: /^(?:react-)?monaco-editor.*/, replacement: nothing }] },
  define: { 'process.env': {}, global: 'window' },
  build: { minify: false, chunkSizeWarningLimit: 20_000 },
  logLevel: 'warn',
});
