// `npm test`: rules, slices and browser stories. `npm run stories` runs the last alone. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root, stale } from './build.mjs';

const only = process.argv[2];
const RUNS = [
  { name: 'small', projects: ['small'] },
  { name: 'world', projects: ['world'] },
  {
    name: 'stories',
    projects: ['stories'],
    leftOut:
      process.platform === 'linux'
        ? null
        : `the browser stories bring a browser for Linux only; this is ${process.platform}`,
  },
].filter(({ name }) => only === undefined || only === name);
if (RUNS.length === 0) {
  console.error(`There is no group of tests “${only}”. Choose small, world or stories.`);
  process.exit(2);
}

const parts = stale();
if (Object.values(parts).some(Boolean)) await build(parts);

const size = spawnSync(process.execPath, [join(root, 'apps/web/size.mjs')], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
}).status;

const folder = mkdtempSync(join(tmpdir(), 'firebreak-test-'));
let passed = size === 0 ? 1 : 0;
let failed = size === 0 ? 0 : 1;
const notes = [];
for (const { name, projects, leftOut } of RUNS) {
  if (leftOut) {
    notes.push(`${name}: left out, ${leftOut}.`);
    continue;
  }
  const output = join(folder, `${name}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${output}`,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const result = read(output);
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  if (result.numTotalTests === 0) notes.push(`${name}: no test ran.`);
  // A suite that fails outside its tests counts as well: an unhandled error, a world that does not verify.
  if (result.numTotalTests === 0 || (status !== 0 && result.numFailedTests === 0)) failed += 1;
}
rmSync(folder, { recursive: true, force: true });
for (const note of notes) console.log(note);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numTotalTests: 0 };
  }
}
