import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@firebreak/client';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { startServer } from '@firebreak/world';
import { type BenchRow, quantile } from './row.ts';

const FACTS = 500;

/** One decision on an incident of 500 facts, over HTTP, on the durable embedded database: request to answer. */
export async function run({ short }: { readonly short: boolean }): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
  const server = await startServer({ FIREBREAK_DATA: folder });
  try {
    const client = createClient({
      baseUrl: server.url,
      key: (await readFile(join(folder, 'keys/local.key'), 'utf8')).trim(),
    });
    const { incident } = await client.call(incidents.declare, { body: { title: 'Long one' } });
    const params = { incident: incident.id };
    for (let n = 1; n < FACTS; n++) await client.call(warRoom.note, { params, body: { text: `note ${n}` } });
    const times: number[] = [];
    for (let n = 0; n < (short ? 100 : 500); n++) {
      const began = performance.now();
      await client.call(warRoom.tick, { params: { ...params, step: 'scope' }, body: { done: n % 2 === 0 } });
      times.push(performance.now() - began);
    }
    const p99 = quantile(times, 0.99);
    return [
      { name: 'act on 500 facts, p50', value: quantile(times, 0.5), unit: 'ms' },
      {
        name: 'act on 500 facts, p99',
        value: p99,
        unit: 'ms',
        bar: '≤ 25 ms',
        pass: p99 <= 25,
        note: `${times.length} decisions over HTTP, one at a time, the stream growing to ${FACTS + times.length}`,
      },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
