import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions, BenchRow } from './row.ts';

interface Bench {
  readonly run: (options: BenchOptions) => Promise<BenchRow[]>;
}

const short = process.argv.includes('--short');
const seconds = process.argv.find((word) => /^--seconds=\d+$/.test(word))?.split('=')[1];
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const here = fileURLToPath(new URL('.', import.meta.url));
const all = [
  'guard-check',
  'patterns',
  'start',
  'act',
  'intake',
  'sustained',
  'fan-out',
  'gateway',
  'similar',
  'triage-pack',
  'detection',
  'page',
].filter((name) => existsSync(join(here, `${name}.ts`)));
// Fetches from the registry, so only where it is asked for by name.
const BY_NAME = ['peers'];
const names = wanted.length > 0 ? [...all, ...BY_NAME].filter((name) => wanted.includes(name)) : all;

const number = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
const results: Record<string, BenchRow[] | { readonly failed: string }> = {};
let missed = 0;
for (const name of names) {
  try {
    const { run } = (await import(`./${name}.ts`)) as Bench;
    const rows = await run({ short, ...(seconds !== undefined && { seconds: Number(seconds) }) });
    results[name] = rows;
    for (const { name: what, value, unit, bar, pass, beside, note } of rows) {
      if (pass === false) missed += 1;
      console.log(
        [
          pass === undefined ? '    ' : pass ? 'ok  ' : 'MISS',
          what.padEnd(52),
          `${number(value)} ${unit}`.padStart(14),
          bar ? `(${bar})` : '',
          ...(beside ?? []).map((peer) => `| ${peer.name} ${number(peer.value)} ${unit}`),
          note ? `— ${note}` : '',
        ]
          .filter(Boolean)
          .join(' '),
      );
    }
  } catch (error) {
    missed += 1;
    results[name] = { failed: String(error) };
    console.log(`FAIL ${name}: ${error instanceof Error ? error.stack : error}`);
  }
}
const at = new Date().toISOString();
await mkdir(join(here, 'results'), { recursive: true });
await writeFile(
  join(here, 'results', `${at.replaceAll(':', '-')}.json`),
  `${JSON.stringify({ at, short, node: process.version, cores: cpus().length, memoryGiB: Math.round(totalmem() / 1024 ** 3), results }, null, 2)}\n`,
);
console.log(`bench: ${names.length} run, ${missed} bars missed`);
// Bars depend on the machine: a miss is said, a bench that cannot run fails.
process.exit(Object.values(results).some((rows) => 'failed' in rows) ? 1 : 0);
