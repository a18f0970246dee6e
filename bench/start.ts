import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@firebreak/world';
import { type BenchRow, median } from './row.ts';

/** What a start allocates is let go of within seconds, where nothing happens. */
const IDLE_MS = 5_000;

/** From the command to `/readyz`, on an empty folder and on one that was used, with the built server. */
export async function run({ short }: { readonly short: boolean }): Promise<BenchRow[]> {
  const first: number[] = [];
  const later: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < (short ? 2 : 5); round++) {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
    for (const times of [first, later]) {
      const began = performance.now();
      const server = await startServer({ FIREBREAK_DATA: folder });
      const page = await fetch(server.url, { headers: { accept: 'text/html' } });
      if (!page.ok) throw new Error('no page');
      times.push(performance.now() - began);
      if (times === later) {
        await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
        memory.push(await residentMiB(server.child.pid!));
      }
      await server.stop();
    }
    await rm(folder, { recursive: true, force: true });
  }
  return [
    {
      name: 'first start to a page',
      value: median(first),
      unit: 'ms',
      bar: '≤ 10 000 ms',
      pass: median(first) <= 10_000,
    },
    {
      name: 'later start to a page',
      value: median(later),
      unit: 'ms',
      bar: '≤ 3 000 ms',
      pass: median(later) <= 3_000,
    },
    {
      name: 'memory, idle, embedded database',
      value: median(memory),
      unit: 'MiB',
      bar: '≤ 450 MiB',
      pass: median(memory) <= 450,
      note: `resident, gateway included, ${IDLE_MS / 1_000} s after the page`,
    },
  ];
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
