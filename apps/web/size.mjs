// Sums what a browser must fetch before the first screen works: the entry, everything it imports statically, and its styles.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BAR_KB = 180;
const dist = join(import.meta.dirname, 'dist');

let manifest;
try {
  manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
} catch {
  console.error('There is no build to measure. Run: npm run build');
  process.exit(1);
}

const files = new Map();
function take(file) {
  if (!files.has(file)) files.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
}
const seen = new Set();
function walk(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  take(chunk.file);
  for (const style of chunk.css ?? []) take(style);
  for (const next of chunk.imports ?? []) walk(next);
}

const entries = Object.keys(manifest).filter((key) => manifest[key].isEntry);
if (entries.length === 0) {
  console.error('The build names no entry: nothing was measured.');
  process.exit(1);
}
take('index.html');
take('theme.js');
for (const entry of entries) walk(entry);

const total = [...files.values()].reduce((sum, size) => sum + size, 0) / 1024;
for (const [file, size] of [...files].sort((a, b) => b[1] - a[1]))
  console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`);
console.log(`${total.toFixed(1).padStart(7)} KB  first load, gzip (bar: ${BAR_KB} KB)`);
process.exit(total > BAR_KB ? 1 : 0);
