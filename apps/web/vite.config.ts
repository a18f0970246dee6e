import { join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind()],
  resolve: { alias: { zod: join(import.meta.dirname, 'src/app/schemas-left-out.ts') } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', manifest: true, sourcemap: false },
  server: {
    port: 7375,
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz', '/openapi.json', '/docs'].map((path) => [
        path,
        { target: 'http://127.0.0.1:7373', ws: true },
      ]),
    ),
  },
});
