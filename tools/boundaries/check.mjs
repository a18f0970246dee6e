// Runs the dependency rule over the product, and over a fixture that breaks every rule once: a gate that cannot fail is none.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = join(root, 'tools/boundaries/fixture');
const rules = createRequire(import.meta.url)('./rules.cjs');

function cruise(cwd, folders) {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [bin, '--config', join(root, 'tools/boundaries/rules.cjs'), '--output-type', 'json', ...folders],
    { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 ** 2 },
  );
  if (!stdout) throw new Error(`dependency-cruiser said nothing: ${stderr}`);
  const { modules, summary } = JSON.parse(stdout);
  return {
    modules: modules.filter(({ source }) => /^(apps|packages)\//.test(source)).map(({ source }) => source),
    violations: summary.violations,
  };
}

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && path.includes('/src/') ? [path] : [];
  });
}

const said = [];
const broken = cruise(fixture, ['packages', 'apps']);
const seen = new Set(broken.violations.map(({ rule }) => rule.name));
for (const { name } of rules.forbidden)
  if (!seen.has(name)) said.push(`the fixture does not break “${name}”: the rule cannot fail`);

const real = cruise(root, ['packages', 'apps']);
const visited = new Set(real.modules);
for (const file of [...sources('packages'), ...sources('apps')])
  if (!visited.has(file)) said.push(`${file} was not looked at`);
for (const { rule, from, to } of real.violations) said.push(`${rule.name}: ${from} → ${to}`);

if (said.length > 0) {
  console.error(said.slice(0, 60).join('\n'));
  process.exit(1);
}
console.log(`boundaries: ${rules.forbidden.length} rules, each seen red; ${real.modules.length} modules keep them`);
