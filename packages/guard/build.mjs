// Bundles the guard for use outside this repository: `dist/index.js` (ESM) and `dist/index.cjs`, the shared rules inside,
// nothing to install beside it. Fails when it grows too large, or when a Node module is imported where edge runtimes would see it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const LARGEST_GZIP = 16 * 1024;

for (const [format, file] of [
  ['esm', 'index.js'],
  ['cjs', 'index.cjs'],
]) {
  const outfile = join(here, 'dist', file);
  const { outputFiles, metafile } = await build({
    entryPoints: [join(here, 'src/index.ts')],
    outfile,
    bundle: true,
    format,
    platform: 'neutral',
    target: 'es2022',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  if (outside.length > 0) throw new Error(`the guard imports ${outside.join(', ')}; it may import nothing`);
  const { contents } = outputFiles[0];
  const zipped = gzipSync(contents).length;
  if (zipped > LARGEST_GZIP) throw new Error(`${file} is ${zipped} bytes gzipped; the limit is ${LARGEST_GZIP}`);
  mkdirSync(join(here, 'dist'), { recursive: true });
  writeFileSync(outfile, contents);
  console.log(`${file}: ${contents.length} bytes, ${zipped} gzipped`);
}
