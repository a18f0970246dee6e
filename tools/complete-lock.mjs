// Completes package-lock.json after `npm install`: packages for other platforms that were not to be had at that moment
// are left out of it by npm, and `npm ci` then refuses the lock. Each is entered as optional, for its platform only.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(fileURLToPath(new URL('..', import.meta.url)), 'package-lock.json');
const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'wasm32',
  'wasi',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
  'universal',
];

/** Optional dependencies named in a lock that have no entry of their own: `{ path, name, version, parent }`. */
export function missing(lock) {
  const found = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const places = [];
      for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
        places.push(at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`);
        if (at === '' || !at.includes('node_modules')) break;
      }
      places.push(`node_modules/${name}`);
      if (!places.some((place) => lock.packages[place]))
        found.push({ path: `node_modules/${name}`, name, version, parent: entry });
    }
  }
  return found;
}

function entryOf({ name, version, parent }) {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.filter((system) => words.includes(system) && !['wasm32', 'wasi'].includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (words.includes('arm') || words.some((word) => /^(arm|gnueabihf|musleabihf|eabi)$/.test(word)))
    cpu.splice(0, cpu.length, 'arm');
  return {
    version,
    ...(cpu.length > 0 && !cpu.includes('universal') && { cpu }),
    ...(parent.dev && { dev: true }),
    ...(words.some((word) => word.startsWith('musl')) && { libc: ['musl'] }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = missing(lock);
  for (const one of added) lock.packages[one.path] = entryOf(one);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${added.length} packages for other platforms entered`);
}
