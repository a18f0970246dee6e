// Bundles the guard for use outside this repository: `dist` is the package to publish, ESM, CommonJS and types, the shared rules
// inside, nothing to install beside it. What is built on the guard (`./ai-sdk`, `./mcp` …) stands in files of its own. Fails when
// something grows too large, or when a Node module is imported where edge runtimes would see it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const dist = join(here, 'dist');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
/** Bytes, gzipped. The rules of all kinds of control and the engine of patterns are a good half of the guard. */
const LARGEST = 22 * 1024;
const LARGEST_BESIDE = 4 * 1024;
/** What only Node needs: loaded from files of their own when it is, so that bundles for other runtimes never carry it. */
const FOR_NODE = ['rfc6455', 'state-file'];

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const names = Object.keys(manifest.exports).map((path) => (path === '.' ? 'index' : path.slice(2)));
/** CommonJS loads the same files: Node has `import()` there as well. */
const forNode = {
  name: 'for-node',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^\\./(${FOR_NODE.join('|')})\\.ts$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: path.replace(/ts$/, 'js'), external: true } : undefined,
    );
  },
};

for (const [format, ending] of [
  ['esm', 'js'],
  ['cjs', 'cjs'],
])
  for (const name of format === 'esm' ? [...names, ...FOR_NODE] : names) {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(here, `src/${name}.ts`)],
      outfile: join(dist, `${name}.${ending}`),
      bundle: true,
      format,
      platform: 'neutral',
      target: 'es2022',
      minify: true,
      metafile: true,
      write: false,
      logLevel: 'warning',
      plugins: [forNode],
    });
    const outside = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports.map(({ path }) => path))
      .filter((path) => !FOR_NODE.includes(path.replace(/^\.\/|\.js$/g, '')));
    if (outside.length > 0) throw new Error(`the guard imports ${outside.join(', ')}; it may import nothing`);
    const { contents } = outputFiles[0];
    const zipped = gzipSync(contents).length;
    const largest = name === 'index' ? LARGEST : LARGEST_BESIDE;
    const file = `${name}.${ending}`;
    if (zipped > largest) throw new Error(`${file} is ${zipped} bytes gzipped; the limit is ${largest}`);
    writeFileSync(join(dist, file), contents);
    console.log(`${file}: ${contents.length} bytes, ${zipped} gzipped`);
  }

// Types: declarations of the guard, and of the rules it was built with, beside each other.
const types = join(dist, 'types');
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--skipLibCheck', '--outDir', types],
    ...['--rootDir', join(root, 'packages'), '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom'],
    ...['--allowImportingTsExtensions', '--types', 'node', '--strict'],
    join(root, 'packages/core/src/respond/containment/index.ts'),
    ...names.map((name) => join(here, `src/${name}.ts`)),
  ],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) throw new Error('the types cannot be written');
for (const file of readdirSync(types, { recursive: true, withFileTypes: true })) {
  if (!file.isFile()) continue;
  const path = join(file.parentPath, file.name);
  const text = readFileSync(path, 'utf8')
    .replaceAll(/'(\.[^']*)\.ts'/g, "'$1.js'")
    .replaceAll(`'@firebreak/core/respond/containment'`, `'../../core/src/respond/containment/index.js'`);
  writeFileSync(path, text);
}

const entry = (name) => ({
  types: `./types/guard/src/${name}.d.ts`,
  import: `./${name}.js`,
  require: `./${name}.cjs`,
});
const { name, version, license } = manifest;
const exported = Object.fromEntries(names.map((each) => [each === 'index' ? '.' : `./${each}`, entry(each)]));
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ name, version, license, type: 'module', engines: { node: '>=20' }, sideEffects: false, exports: exported }, null, 2)}\n`,
);
for (const file of ['packages/guard/README.md', 'LICENSE'])
  cpSync(join(root, file), join(dist, file.split('/').at(-1)));

// As somebody would who has installed it.
for (const name of names) {
  const [ours, theirs] = [
    await import(join(dist, `${name}.js`)),
    createRequire(import.meta.url)(join(dist, `${name}.cjs`)),
  ];
  if (Object.keys(ours).join() !== Object.keys(theirs).join())
    throw new Error(`${name} exports other things as CommonJS`);
}
const state = join(dist, 'state.json');
for (const [file, load] of [
  ['index.js', (path) => import(path)],
  ['index.cjs', createRequire(import.meta.url)],
]) {
  // It needs what stands in files of its own: the state file, and a socket that nobody answers.
  const { createGuard } = await load(join(dist, file));
  const guard = await createGuard({
    url: 'http://127.0.0.1:9',
    key: 'k',
    system: 's',
    bootFailMode: 'deny',
    stateFile: state,
  });
  if (guard.check({}).action !== 'deny') throw new Error(`${file} does not obey`);
  guard.close();
}
