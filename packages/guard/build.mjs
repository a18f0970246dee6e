// Bundles the guard for use outside this repository: `dist` is the package to publish, ESM, CommonJS and types, the shared rules
// inside, nothing to install beside it. What is built on the guard (`./ai-sdk`, `./mcp` …) stands in files of its own, and so does
// what not every application needs: it is loaded when it is. Fails when something grows too large, or when a Node module is
// imported where edge runtimes would see it. Then it tries the package (`try-package.mjs`).
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { tryPackage } from './try-package.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const dist = join(here, 'dist');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
/** Bytes, gzipped, of what every application loads: the connection, and the rules of all kinds of control. */
const LARGEST = 12 * 1024;
/** Of anything else. */
const LARGEST_BESIDE = 5 * 1024;
/** Loaded by the guard when first needed. Bundlers see a relative `import()`, in CommonJS a `require`. */
const LATER = ['patterns', 'guarded-fetch', 'self-check', 'reviews'];
/** What only Node needs: the same, and bundles for other runtimes never load it. */
const FOR_NODE = ['rfc6455', 'state-file'];
/** What only other runtimes need. */
const FOR_OTHERS = ['web'];
const APART = [...LATER, ...FOR_NODE, ...FOR_OTHERS];

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const names = Object.keys(manifest.exports).map((path) => (path === '.' ? 'index' : path.slice(2)));
const apart = (ending) => ({
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^\\./(${APART.join('|')})\\.ts$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: path.replace(/ts$/, ending), external: true } : undefined,
    );
    // The rules ask for the engine of patterns by this file, which has it loaded before anything carries a pattern.
    onResolve({ filter: /\/patterns\/index\.ts$/ }, () => ({ path: join(here, 'src/patterns-later.ts') }));
  },
});

/** The bundle as CommonJS. It imports nothing at once, so that only its exports and what it loads later are to be written otherwise. */
function asCommonJs(esm) {
  const [, body, exported] = /^(.*)export\{([^{}]*)\};\s*$/s.exec(esm);
  if (/\b(import|export)\b[ "'{*]/.test(body)) throw new Error('the bundle imports or exports where it may not');
  const names = exported.split(',').map((each) => each.split(' as '));
  const loads = body.replaceAll(/\bimport\(([^()]+)\)/g, (_, what) => `Promise.resolve().then(()=>require(${what}))`);
  return `"use strict";${loads}${names.map(([own, name = own]) => `exports.${name}=${own};`).join('')}\n`;
}

const sizes = new Map();
for (const [format, ending] of [
  ['esm', 'js'],
  ['cjs', 'cjs'],
])
  for (const name of [...names, ...APART]) {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(here, `src/${name}.ts`)],
      outfile: join(dist, `${name}.${ending}`),
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      minify: true,
      metafile: true,
      write: false,
      logLevel: 'warning',
      plugins: [apart(ending)],
    });
    const outside = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports.map(({ path }) => path))
      .filter((path) => !APART.includes(path.replace(/^\.\/|\.c?js$/g, '')));
    if (outside.length > 0) throw new Error(`the guard imports ${outside.join(', ')}; it may import nothing`);
    const contents = format === 'esm' ? outputFiles[0].text : asCommonJs(outputFiles[0].text);
    const zipped = gzipSync(contents).length;
    const file = `${name}.${ending}`;
    writeFileSync(join(dist, file), contents);
    sizes.set(file, zipped);
    console.log(`${file}: ${contents.length} bytes, ${zipped} gzipped`);
  }
for (const [file, zipped] of sizes) {
  const largest = file.startsWith('index.') ? LARGEST : LARGEST_BESIDE;
  if (zipped > largest) throw new Error(`${file} is ${zipped} bytes gzipped; the limit is ${largest}`);
}
const sum = (files) => files.reduce((total, name) => total + sizes.get(`${name}.js`), 0);
console.log(`to connect and obey: ${sum(['index', 'rfc6455'])} gzipped on Node, ${sum(['index', 'web'])} elsewhere`);
console.log(`with the engine of patterns, which follows at once: ${sum(['index', 'rfc6455', 'patterns'])} on Node`);
console.log(
  `all that can follow: ${sum(['index', ...LATER, ...FOR_NODE])} on Node, ${sum(['index', ...LATER, ...FOR_OTHERS])} elsewhere`,
);
console.log(`everything there is, in one format: ${sum([...names, ...APART])}`);

// Types: declarations of the guard, and of the rules it was built with, beside each other; once for those who import, once for those who
// require, since a compiler takes what a declaration describes for what the nearest package.json says it is.
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

cpSync(types, join(dist, 'types-cjs'), { recursive: true });
writeFileSync(join(dist, 'types-cjs/package.json'), '{ "type": "commonjs" }\n');

const entry = (name) => ({
  import: { types: `./types/guard/src/${name}.d.ts`, default: `./${name}.js` },
  require: { types: `./types-cjs/guard/src/${name}.d.ts`, default: `./${name}.cjs` },
});
const { name, version, license } = manifest;
const exported = Object.fromEntries(names.map((each) => [each === 'index' ? '.' : `./${each}`, entry(each)]));
/** For compilers and tools from before `exports`. */
const older = {
  main: './index.cjs',
  types: './types-cjs/guard/src/index.d.ts',
  typesVersions: {
    '*': Object.fromEntries(names.slice(1).map((each) => [each, [`./types-cjs/guard/src/${each}.d.ts`]])),
  },
};
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ name, version, license, type: 'module', engines: { node: '>=20' }, sideEffects: false, ...older, exports: exported }, null, 2)}\n`,
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
await tryPackage(dist);
