import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { doorsOnly, withoutSchemas } from './doors-only.ts';

const SERVER = 'http://127.0.0.1:7373';
const PROXIED = ['/api', '/healthz', '/readyz', '/openapi.json', '/docs', '/problems', '/report'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutSchemas, doorsOnly, react(), tailwind()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', manifest: true, sourcemap: false },
  server: { port: 7375, proxy: Object.fromEntries(PROXIED.map((path) => [path, { target: SERVER, ws: true }])) },
});
