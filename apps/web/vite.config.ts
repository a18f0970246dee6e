import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Of the contract the browser needs methods and paths; the schemas judge on the server, and would weigh more than all
 * screens together. Here every member and every call of zod answers the same nothing.
 */
const NOTHING = `
const nothing = new Proxy(() => nothing, { get: (_, name) => (name === 'then' ? undefined : nothing), apply: () => nothing });
export const z = nothing;
export default nothing;
`;
const withoutSchemas: Plugin = {
  name: 'without-schemas',
  enforce: 'pre',
  resolveId: (id) => (id === 'zod' ? '\0without-schemas' : null),
  load: (id) => (id === '\0without-schemas' ? NOTHING : null),
};

const SERVER = 'http://127.0.0.1:7373';
const PROXIED = ['/api', '/healthz', '/readyz', '/openapi.json', '/docs', '/problems'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutSchemas, react(), tailwind()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', manifest: true, sourcemap: false },
  server: { port: 7375, proxy: Object.fromEntries(PROXIED.map((path) => [path, { target: SERVER, ws: true }])) },
});
