// `npm run bench [names] [--short]`: builds what is out of date, then measures. Results as a table and as JSON in bench/results.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, root, stale } from './build.mjs';

const parts = stale();
if (Object.values(parts).some(Boolean)) await build(parts);
const { status } = spawnSync(
  process.execPath,
  // As `npm start` does.
  ['--no-parallel-scavenge', '--import', 'tsx', join(root, 'bench/main.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
