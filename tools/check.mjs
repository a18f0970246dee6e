// `npm run check`: everything that can be said without a database. Each step fails the whole; none is swallowed.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => `node_modules/.bin/${name}`;
const STEPS = [
  ['format and lint', bin('biome'), 'ci', '--error-on-warnings', '--reporter=summary', '.'],
  ['types: core', bin('tsc'), '-p', 'packages/core'],
  ['types: web', bin('tsc'), '-p', 'apps/web'],
  ['types: the rest', bin('tsc'), '-p', 'tsconfig.json'],
  ['boundaries', process.execPath, 'tools/boundaries/check.mjs'],
  ['texts', process.execPath, 'tools/texts/check.mjs'],
  ['nothing unused', bin('knip')],
  ['small tests', bin('vitest'), 'run', '--project', 'small', '--reporter=dot'],
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

const waiting = [...STEPS];
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
