// Builds what `npm start` runs: server and command line (esbuild), web app (Vite), the prepared database.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const SKIP = new Set(['node_modules', 'dist', '.cache', 'data']);

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (SKIP.has(entry.name) || /\.(test|story)\.tsx?$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(join(root, path)).mtimeMs);
  }
  return latest;
}
const builtAt = (file) => (existsSync(join(root, file)) ? statSync(join(root, file)).mtimeMs : 0);

/** The parts whose sources are newer than what was built from them. */
export function stale() {
  const code = Math.max(
    ...['packages', 'apps/server', 'apps/cli', 'apps/gateway', 'demo']
      .filter((folder) => existsSync(join(root, folder)))
      .map(newest),
  );
  return {
    app: code > builtAt('dist/app/built'),
    web: Math.max(newest('apps/web'), newest('packages')) > builtAt('apps/web/dist/index.html'),
    template: newest('apps/server/migrations') > builtAt('dist/template/PG_VERSION'),
  };
}

async function buildApp() {
  const esbuild = await import('esbuild');
  const manifests = [
    'package.json',
    ...['apps', 'packages'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
    ),
  ].filter((file) => existsSync(join(root, file)));
  const external = new Set(
    manifests
      .flatMap((file) => {
        const manifest = require(join(root, file));
        return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
      })
      .filter((name) => !name.startsWith('@firebreak/')),
  );
  const entries = {
    entry: 'apps/server/src/entry.ts',
    'inspector-worker': 'apps/server/src/detect/signals/inspector-worker.ts',
    'make-template': 'apps/server/src/make-template.ts',
    firebreak: 'apps/cli/src/main.ts',
    gateway: 'apps/gateway/src/entry.ts',
    demo: 'demo/start.ts',
  };
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
    outdir: 'dist/app',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    external: [...external].flatMap((name) => [name, `${name}/*`]),
    logLevel: 'warning',
  });
  for (const worker of ['platform/database/pglite-worker.mjs', 'prepare/sources/mapping-worker.mjs'])
    copyFileSync(join(root, 'apps/server/src', worker), join(root, 'dist/app', worker.split('/').at(-1)));
  writeFileSync(join(root, 'dist/app/built'), '');
}

function run(what, args, cwd = root) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${what} could not be built`);
}

export async function build(parts = { app: true, web: true, template: true }) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  if (parts.app) await buildApp();
  if (parts.template) run('the prepared database', ['dist/app/make-template.js', join(root, 'dist/template')]);
  if (parts.web && existsSync(join(root, 'apps/web/index.html')))
    run(
      'the web app',
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      join(root, 'apps/web'),
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ifPossible = process.argv.includes('--if-possible');
  const installed = existsSync(join(root, 'node_modules/esbuild')) && existsSync(join(root, 'node_modules/vite'));
  if (ifPossible && !installed) process.exit(0);
  await build(ifPossible ? stale() : undefined);
}
