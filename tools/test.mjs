// `npm test`: rules, slices, browser stories, the guard for Python; and that what browsers fetch and the package of the guard are no larger
// than they may be, and the package works as it is installed. `npm run stories` runs the last alone. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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
  { name: 'python', leftOut: pythonIsThere() ? null : 'there is no python3 of version 3.9 or later on this machine' },
].filter(({ name }) => only === undefined || only === name);
if (RUNS.length === 0) {
  console.error(`There is no group of tests “${only}”. Choose small, world, stories or python.`);
  process.exit(2);
}

const parts = stale();
if (Object.values(parts).some(Boolean)) await build(parts);

const sizes = ['apps/web/size.mjs', 'packages/guard/build.mjs'].map((file) => ({
  file,
  ok:
    spawnSync(process.execPath, [join(root, file)], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ===
    0,
}));

const folder = mkdtempSync(join(tmpdir(), 'firebreak-test-'));
let passed = sizes.filter(({ ok }) => ok).length;
let failed = sizes.length - passed;
const notes = [];
/** Said once more at the end, where a cut log still shows it. */
const failures = sizes.filter(({ ok }) => !ok).map(({ file }) => `FAILED ${file}`);
for (const { name, projects, leftOut } of RUNS) {
  if (leftOut) {
    notes.push(`${name}: left out, ${leftOut}.`);
    continue;
  }
  if (name === 'python') {
    python();
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
  failures.push(...failuresOf(name, result));
  // A suite that fails outside its tests counts as well: an unhandled error, a world that does not verify.
  if (result.numTotalTests === 0 || (status !== 0 && result.numFailedTests === 0)) failed += 1;
}
rmSync(folder, { recursive: true, force: true });
for (const note of [...notes, ...failures]) console.log(note);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function pythonIsThere() {
  return (
    spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { stdio: 'ignore' }).status === 0
  );
}

/** unittest says on its standard error how many ran, failed and were left out. */
function python() {
  const { status, stderr } = spawnSync('python3', ['-m', 'unittest', 'discover', '-t', '.', '-s', 'tests'], {
    cwd: join(root, 'sdks/python'),
    env: { ...process.env, PYTHONPATH: 'src' },
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  process.stderr.write(stderr);
  const count = (pattern) => Number(pattern.exec(stderr)?.[1] ?? 0);
  const ran = count(/^Ran (\d+) tests?/m);
  const skipped = count(/skipped=(\d+)/);
  const wrong = count(/failures=(\d+)/) + count(/errors=(\d+)/);
  passed += ran - skipped - wrong;
  failed += status !== 0 && wrong === 0 ? 1 : wrong;
  if (skipped > 0) notes.push(`python: ${skipped} left out, for clients of vendors that are not installed.`);
}

function failuresOf(name, { testResults = [] }) {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const at = relative(root, file);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`FAILED ${name} ${at}: ${firstLine(message)}`] : [];
    return failed.map((test) => `FAILED ${name} ${at} > ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`);
  });
}

function firstLine(text) {
  return text.split('\n', 1)[0].slice(0, 2_000);
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numTotalTests: 0 };
  }
}
