// Tries the package as somebody would who has installed it: in Node, ESM and CommonJS, with files missing, and bundled for a
// runtime that has no Node. Throws at the first thing that is not as it should be.
import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const cache = join(root, 'node_modules/.cache/guard-package');
const BLOCKED = { feature: 'answers', text: 'my card is 1234 5678' };
const HARMLESS = { feature: 'answers', text: 'my card is lost' };
const PATTERN = { kind: 'block', feature: 'answers', patterns: ['card is [0-9]{4}'] };
const require = createRequire(import.meta.url);
const LOADS = { js: (path) => import(pathToFileURL(path).href), cjs: async (path) => require(path) };

export async function until(what, holds) {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ten seconds`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function standIn() {
  const outfile = join(cache, 'stand-in.mjs');
  mkdirSync(cache, { recursive: true });
  await build({
    entryPoints: [join(root, 'conformance/stand-in-control-plane.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: { '@firebreak/core': join(root, 'packages/core/src') },
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

/** What a guard of the package does with orders, those with patterns among them. */
async function obeys(createGuard, control, more) {
  const { server, holdOf } = control;
  const faults = [];
  const guard = await createGuard({
    url: server.url,
    key: control.key,
    system: 'support-bot',
    bootFailMode: 'deny',
    ...more,
  });
  guard.on('fault', (why) => faults.push(why));
  const order = async (...holds) => {
    server.hold(...holds);
    await until('obeyed', () => guard.stats().epoch === server.snapshot().epoch);
  };
  await guard.ready();
  await order();
  assert.equal(guard.check(BLOCKED).action, 'allow');
  await order(holdOf(PATTERN), holdOf({ kind: 'disable', feature: 'refunds' }));
  assert.equal(guard.check(BLOCKED).action, 'deny');
  assert.equal(guard.check(HARMLESS).action, 'allow');
  assert.equal(guard.check({ feature: 'refunds' }).action, 'deny');
  assert.deepEqual(
    (await guard.selfCheck()).map(({ state }) => state),
    ['unknown', 'effective'],
  );
  const asked = (content) => ({
    method: 'POST',
    body: JSON.stringify({ model: 'm1', messages: [{ role: 'user', content }] }),
  });
  const fetched = guard.fetch(async () => new Response('hello'), { asking: { feature: 'answers' } });
  assert.equal((await fetched('http://vendor', asked(BLOCKED.text))).status, 403);
  assert.equal(await (await fetched('http://vendor', asked(HARMLESS.text))).text(), 'hello');
  const waiting = guard.review({ text: 'may this go out?' });
  await until('a review', () =>
    server.heard.some(({ type, text }) => type === 'review' && text === 'may this go out?'),
  );
  for (let review = 1; review < 20; review += 1) server.decisions.set(`rvw_${review}`, { state: 'approved' });
  assert.equal((await waiting).state, 'approved');
  assert.deepEqual(faults, []);
  guard.close();
}

/** Without a Firebreak to ask, the holds of the last run: those with patterns from the first check on. */
async function remembers(createGuard, control, stateFile) {
  await until('written', () => existsSync(stateFile) && readFileSync(stateFile, 'utf8').includes('patterns'));
  const nowhere = { url: 'http://127.0.0.1:9', key: control.key, system: 'support-bot', stateFile };
  const guard = await createGuard({ ...nowhere, bootFailMode: 'allow' });
  assert.equal(guard.check(BLOCKED).action, 'deny');
  assert.equal(guard.check(HARMLESS).action, 'allow');
  guard.close();
}

/** An order that needs a file which is not there: refused with the reason, and what held before goes on holding. */
async function says(createGuard, control, folder, mend) {
  const { server, holdOf } = control;
  server.hold(holdOf({ kind: 'disable', feature: 'refunds' }));
  const about = { url: server.url, key: control.key, system: 'support-bot', bootFailMode: 'allow' };
  const guard = await createGuard({ ...about, stateFile: join(folder, 'state.json') });
  const strict = await createGuard({ ...about, failMode: 'deny', instance: 'strict' });
  await guard.ready();
  await strict.ready();
  server.heard.length = 0;
  server.hold(holdOf({ kind: 'disable', feature: 'refunds' }), holdOf(PATTERN));
  const { epoch } = server.snapshot();
  await until('refused', () => server.heard.filter(({ type }) => type === 'nack').length >= 2);
  for (const { code, why } of server.heard.filter(({ type }) => type === 'nack')) {
    assert.equal(code, 'schema');
    assert.match(why, /a file of the guard is missing .*install or bundle @firebreak\/guard as a whole/s);
  }
  assert.ok(
    !server.heard.some((each) => each.type === 'ack' && each.epoch === epoch),
    'acknowledged what is not obeyed',
  );
  assert.equal(guard.check({ feature: 'refunds' }).action, 'deny');
  assert.ok(guard.stats().epoch < epoch);
  await until('refuses everything, as failMode says', () => strict.check({ feature: 'other' }).action === 'deny');

  // Once the package is whole again, the next message is obeyed.
  mend();
  server.hold(holdOf(PATTERN));
  await until('obeyed again', () => [guard, strict].every((each) => each.stats().epoch === server.snapshot().epoch));
  for (const each of [guard, strict]) {
    assert.equal(each.check(BLOCKED).action, 'deny');
    assert.equal(each.check(HARMLESS).action, 'allow');
  }
  guard.close();
  strict.close();
}

/** In a runtime of web standards alone: no process, no Buffer, no require, nothing of Node to import. */
const EDGE = `
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
const [, , entry, asked] = process.argv;
const given = { fetch, URL, URLSearchParams, TextEncoder, TextDecoder, crypto, AbortController, AbortSignal, Request, Response, Headers,
  ReadableStream, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, performance, atob, asked: JSON.parse(asked) };
const context = vm.createContext(given);
const known = new Map();
function load(url) {
  if (!url.startsWith('file:')) throw new Error('an edge runtime has no ' + url);
  if (!known.has(url)) known.set(url, new vm.SourceTextModule(readFileSync(new URL(url), 'utf8'),
    { context, identifier: url, importModuleDynamically: async (to, from) => ready(load(resolve(to, from))) }));
  return known.get(url);
}
const resolve = (to, from) => (to.startsWith('.') ? new URL(to, from.identifier).href : to);
async function ready(module) {
  if (module.status === 'unlinked') await module.link((to, from) => load(resolve(to, from)));
  await module.evaluate();
  return module;
}
const { namespace } = await ready(load(entry));
console.log(JSON.stringify({ ...(await namespace.done), loaded: known.size }));
process.exit(0);
`;

async function onTheEdge(dist, control) {
  const { server, holdOf } = control;
  server.hold(holdOf(PATTERN));
  const folder = join(cache, 'edge');
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, 'app.mjs');
  writeFileSync(
    entry,
    `import { createGuard } from ${JSON.stringify(join(dist, 'index.js'))};
     async function run() {
       const guard = await createGuard({ ...asked.options, bootFailMode: 'deny', transport: 'poll', pollMs: 100 });
       await guard.ready();
       const { epoch } = guard.stats();
       const fetched = guard.fetch(async () => new Response('hello'), { asking: { feature: 'answers' } });
       const body = JSON.stringify({ messages: [{ role: 'user', content: asked.blocked.text }] });
       const { status } = await fetched('http://vendor', { method: 'POST', body });
       const checked = await guard.selfCheck();
       return { epoch, status, checked: checked.length, blocked: guard.check(asked.blocked).action, harmless: guard.check(asked.harmless).action };
     }
     export const done = run();`,
  );
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: join(folder, 'out'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    logLevel: 'warning',
  });
  const files = Object.keys(metafile.outputs);
  assert.ok(
    !files.some((file) => metafile.outputs[file].imports.some(({ external }) => external)),
    'bundled with a hole',
  );
  const holder = files.find((file) =>
    Object.keys(metafile.outputs[file].inputs).some((each) => each.endsWith('/patterns.js')),
  );
  assert.ok(holder !== undefined && !holder.endsWith('app.mjs'), 'the patterns are not split off');
  const runner = join(folder, 'runner.mjs');
  writeFileSync(runner, EDGE);
  const options = { url: server.url, key: control.key, system: 'support-bot' };
  const child = await run(runner, [
    pathToFileURL(join(folder, 'out/app.mjs')).href,
    JSON.stringify({ options, blocked: BLOCKED, harmless: HARMLESS }),
  ]);
  const { epoch, status, checked, blocked, harmless, loaded } = JSON.parse(child);
  assert.deepEqual(
    { epoch, status, checked, blocked, harmless },
    { epoch: server.snapshot().epoch, status: 403, checked: 1, blocked: 'deny', harmless: 'allow' },
  );
  assert.ok(loaded > 3, 'nothing was loaded later');
}

async function run(file, given) {
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', file, ...given]);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.pipe(process.stderr);
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`it ended with ${code} on the edge`);
  return out;
}

/** How compilers look for the types of a package, and the files each reads. */
const RESOLUTIONS = {
  node16: [{ module: 'node16' }, ['esm.mts', 'cjs.cts']],
  nodenext: [{ module: 'nodenext' }, ['esm.mts', 'cjs.cts']],
  bundler: [{ module: 'esnext', moduleResolution: 'bundler' }, ['esm.mts']],
  node10: [{ module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }, ['older.ts']],
};

/** Compiled as by somebody who has installed it, whichever way their compiler looks for it. */
function compiles(dist) {
  const folder = join(cache, 'compiled');
  const installed = join(folder, 'node_modules/@firebreak/guard');
  cpSync(dist, installed, { recursive: true });
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const paths = Object.keys(exports).filter((path) => path !== '.');
  const code = [
    `import { createGuard, type Verdict } from '@firebreak/guard';`,
    ...paths.map((path, at) => `import * as more${at} from '@firebreak/guard/${path.slice(2)}';`),
    `export const all = [${paths.map((_, at) => `more${at}`).join()}];`,
    `const guard = createGuard({ url: '', key: '', system: 'a', bootFailMode: 'deny' });`,
    `export const verdict: Promise<Verdict> = guard.then((each) => each.check({ feature: 'answers' }));`,
    '// @ts-expect-error: there is no such mode',
    `void createGuard({ url: '', key: '', system: 'a', bootFailMode: 'maybe' });`,
  ].join('\n');
  for (const [name, [options, files]] of Object.entries(RESOLUTIONS)) {
    for (const file of files) writeFileSync(join(folder, file), code);
    const project = join(folder, `${name}.json`);
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      ...options,
    };
    writeFileSync(project, JSON.stringify({ compilerOptions, files }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
    assert.equal(status, 0, `its types cannot be used with ${name}:\n${stdout}`);
  }
}

export async function tryPackage(dist) {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  compiles(dist);
  console.log('its types are found, required and imported');
  const { openStandIn, holdOf, STAND_IN_KEY: key } = await standIn();
  for (const [ending, load] of Object.entries(LOADS)) {
    const server = await openStandIn();
    const control = { server, holdOf, key };
    const stateFile = join(cache, `state-${ending}.json`);
    const { createGuard } = await load(join(dist, `index.${ending}`));
    await obeys(createGuard, control, { stateFile });
    await remembers(createGuard, control, stateFile);
    await obeys(createGuard, control, { transport: 'poll', pollMs: 100 });

    const broken = join(cache, `broken-${ending}`);
    cpSync(dist, broken, { recursive: true });
    for (const file of readdirSync(broken)) if (file.startsWith('patterns.')) rmSync(join(broken, file));
    const patterns = `patterns.${ending}`;
    const mend = () => cpSync(join(dist, patterns), join(broken, patterns));
    await says((await load(join(broken, `index.${ending}`))).createGuard, control, broken, mend);
    await server.close();
    console.log(`index.${ending} obeys, remembers, and says what is missing`);
  }
  const server = await openStandIn();
  await onTheEdge(dist, { server, holdOf, key });
  await server.close();
  console.log('bundled and split, it obeys where there is no Node');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await tryPackage(join(here, 'dist'));
  process.exit(0);
}
