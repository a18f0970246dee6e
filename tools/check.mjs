// `npm run check`: everything that can be said without a database. Each step fails the whole; none is swallowed.
// `--without-tests` where the small tests have just run.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `node_modules/.bin/${name}`;
/** The native compiler: in half the time. What it has looked at before is not looked at again. */
const types = (project, name) => [
  process.execPath,
  'node_modules/typescript-7/bin/tsc',
  '-p',
  project,
  '--incremental',
  '--tsBuildInfoFile',
  `node_modules/.cache/types-${name}.tsbuildinfo`,
];
const STEPS = [
  ['format and lint', bin('biome'), 'ci', '--error-on-warnings', '--reporter=summary', '.'],
  ['texts', process.execPath, 'tools/texts/check.mjs'],
  // The longest first, so that they run beside each other.
  ['types: web', ...types('apps/web', 'web')],
  ['types: the rest', ...types('tsconfig.json', 'rest')],
  ['small tests', bin('vitest'), 'run', '--project', 'small', '--reporter=dot'],
  ['types: core', ...types('packages/core', 'core')],
  ['boundaries', process.execPath, 'tools/boundaries/check.mjs'],
  ['nothing unused', bin('knip')],
];
const AT_ONCE = 2;

function run([name, command, ...args]) {
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.on('error', (error) => resolve({ name, ok: false, said: String(error), ms: 0 }));
    child.on('close', (code) => resolve({ name, ok: code === 0, said, ms: Date.now() - began }));
  });
}

const without = process.argv.includes('--without-tests') ? ['small tests'] : [];
const waiting = STEPS.filter(([name]) => !without.includes(name));
const results = [];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await run(step);
      results.push(result);
      console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${result.name} (${(result.ms / 1000).toFixed(1)} s)`);
      if (!result.ok) console.log(result.said.trimEnd());
    }
  }),
);
const failed = results.filter(({ ok }) => !ok).length;
console.log(`check: ${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
