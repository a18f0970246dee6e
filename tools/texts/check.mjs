// What the compiler and the linter do not see: clocks and chance in rules, forgotten problem pages, dead paths in
// documents, migrations out of order, download addresses in the lock file, marks of a merge. `--fixture` proves that each can fail.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missing } from '../complete-lock.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const SKIP = new Set(['node_modules', 'dist', 'fixture', 'data', '.git', '.cache']);

function filesIn(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIP.has(entry.name)) return [];
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}

const withoutComments = (text) =>
  text.replace(/\/\*[\s\S]*?\*\//g, (match) => match.replace(/[^\n]/g, ' ')).replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
const isTest = (path) => /\.(test|story)\.tsx?$/.test(path);

const CLOCK = /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(/;
const clocks = {
  name: 'no rule reads a clock or rolls dice',
  run: ({ files, read }) =>
    files
      .filter(
        (path) =>
          /^packages\/core\/src\//.test(path) ||
          (/^apps\/server\/src\//.test(path) && !/platform\/(clock|ids)\.ts$/.test(path)),
      )
      .filter((path) => path.endsWith('.ts') && !isTest(path) && CLOCK.test(withoutComments(read(path))))
      .map((path) => `${path} reads the clock or chance by itself; take the time as an argument`),
};

const environment = {
  name: 'the environment is read once',
  run: ({ files, read }) =>
    files
      .filter(
        (path) =>
          /^apps\/server\/src\/.*\.ts$/.test(path) &&
          !isTest(path) &&
          !/\/(serve|entry)\.ts$/.test(path) &&
          /\bprocess\.env\b/.test(withoutComments(read(path))),
      )
      .map((path) => `${path} reads process.env; it belongs into platform/config.ts`),
};

const problems = {
  name: 'every problem has a status, a page and a test',
  run({ files, read }) {
    const table = read('packages/contract/src/problems.ts');
    const codes = [...table.matchAll(/^\s*'([a-z-]+\.[a-z-]+)': \{/gm)].map((match) => match[1]);
    const pages = files
      .filter((path) => /^docs\/problems\/.+\.md$/.test(path))
      .map((path) => path.slice('docs/problems/'.length, -3));
    const tests = files
      .filter((path) => isTest(path))
      .map(read)
      .join('\n');
    const core = files
      .filter((path) => /^(packages\/core|apps\/server)\/src\/.*\.ts$/.test(path) && !isTest(path))
      .map(read)
      .join('\n');
    const refused = [...core.matchAll(/refuse\(\s*'([a-z-]+\.[a-z-]+)'/g)].map((match) => match[1]);
    return [
      ...codes.filter((code) => !pages.includes(code)).map((code) => `${code} has no page docs/problems/${code}.md`),
      ...pages
        .filter((page) => !codes.includes(page))
        .map((page) => `docs/problems/${page}.md explains a problem that does not exist`),
      ...codes
        .filter((code) => !tests.includes(`'${code}'`) && !tests.includes(`/${code}`))
        .map((code) => `no test produces ${code}`),
      ...new Set(
        refused
          .filter((code) => !codes.includes(code))
          .map((code) => `${code} is refused somewhere and is not in packages/contract/src/problems.ts`),
      ),
    ];
  },
};

const documents = {
  name: 'documents point at what exists',
  run: ({ files, read, exists }) =>
    files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => {
        const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
        const links = [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) =>
          join(folder, match[1]),
        );
        const named = [
          ...read(path).matchAll(
            /`((?:packages|apps|docs|tools|conformance|stories|bench|demo|catalog)\/[A-Za-z0-9_./-]*[A-Za-z0-9_/-])`/g,
          ),
        ].map((match) => match[1]);
        return [...links, ...named]
          .filter((target) => !exists(target))
          .map((target) => `${path} points at ${target}, which does not exist`);
      }),
};

const migrations = {
  name: 'migrations are named by time and touch only forward',
  run({ files, read }) {
    const names = files
      .filter((path) => path.startsWith('apps/server/migrations/'))
      .map((path) => path.split('/').at(-1));
    return [
      ...names
        .filter((name) => !/^\d{12}-[a-z0-9-]+\.sql$/.test(name))
        .map((name) => `migration ${name} is not named YYYYMMDDHHMM-what-it-does.sql`),
      ...names
        .filter((name, i) => names.some((other, j) => j !== i && other.slice(0, 12) === name.slice(0, 12)))
        .map((name) => `migration ${name} shares its time with another`),
      ...names
        .filter((name) => /\bnow\(\)|current_timestamp/i.test(read(`apps/server/migrations/${name}`)))
        .map((name) => `migration ${name} uses the database’s clock`),
    ];
  },
};

const VAGUE = /(^|\/)(utils?|helpers?|common|misc|stuff|managers?|services?)(\.tsx?|\/)/i;
const names = {
  name: 'names say something',
  run: ({ files }) =>
    files
      .filter((path) => /\.tsx?$/.test(path) && VAGUE.test(path))
      .map((path) => `${path} has a name that says nothing`),
};

const lock = {
  name: 'the lock file holds no download address and every platform',
  run({ read }) {
    const text = read('package-lock.json');
    return [
      ...(/"resolved": "http/.test(text) ? ['package-lock.json records download addresses'] : []),
      ...missing(JSON.parse(text)).map(
        ({ name }) => `package-lock.json lacks ${name}: run node tools/complete-lock.mjs`,
      ),
    ];
  },
};

const MARKER = /^(?:<{7}|>{7}) \S/m;
const merges = {
  name: 'nothing is left half merged',
  run: ({ files, read }) =>
    files
      .filter((path) => /\.(?:[cm]?[jt]sx?|json|md|sql|py|css|ya?ml|toml)$/.test(path) && MARKER.test(read(path)))
      .map((path) => `${path} holds the marks of a merge: choose one side`),
};

const CHECKS = [clocks, environment, problems, documents, migrations, names, lock, merges];

function look(root) {
  const files = filesIn(root);
  const cache = new Map();
  const read = (path) => {
    if (!cache.has(path)) cache.set(path, readFileSync(join(root, path), 'utf8'));
    return cache.get(path);
  };
  return CHECKS.map(({ name, run }) => ({
    name,
    said: run({ files, read, exists: (path) => existsSync(join(root, path)) }),
  }));
}

const fixture = look(join(repository, 'tools/texts/fixture'));
const blind = fixture
  .filter(({ said }) => said.length === 0)
  .map(({ name }) => `“${name}” finds nothing wrong in the fixture: it cannot fail`);
const said = [...blind, ...look(repository).flatMap((check) => check.said)];
if (said.length > 0) {
  console.error(said.slice(0, 80).join('\n'));
  process.exit(1);
}
console.log(`texts: ${CHECKS.length} checks, each seen red`);
